package io.github.aepdataflows.provision;

import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Makes the templates of {@code resource.camel.yaml} into routes for each kind of resource. Does so once all files are loaded: when the
 * context starts, or for a context that runs already, when {@link io.github.aepdataflows.EmbeddedRoutes} says so.
 */
public final class ResourceRoutes extends LifecycleStrategySupport implements CamelContextAware {

    private static final Definition.Lifecycle ALL_RETIRED = new Definition.Lifecycle(Definition.State.ABSENT, true, true, false);

    private CamelContext context;

    @Override
    public void setCamelContext(CamelContext camelContext) {
        if (context == null) {
            context = camelContext;
            context.addLifecycleStrategy(this);
        }
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void onContextInitializing(CamelContext starting) {
        try {
            // what it knows of classes is kept only once it is started; else each call of a bean has its class read again
            ServiceHelper.startService(context.getComponent("bean"));
            addRoutes();
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    /** Makes them, unless they were made: Camel Main makes the beans of a file twice. */
    public void addRoutes() throws Exception {
        if (((ModelCamelContext) context).getRouteDefinition(id("apply", Kinds.FLOW)) != null) {
            return;
        }
        for (Kind kind : Kinds.ALL) {
            for (String verb : List.of("apply", "create-once")) {
                route(verb, kind).add();
            }
            route("create", kind).parameter("collection", kind.collection()).add();
            if (kind.update().isPresent()) {
                route("update", kind).parameter("collection", kind.collection()).parameter("method", kind.update().get().method())
                        .parameter("mediaType", kind.update().get().mediaType()).add();
            }
        }
        List<Kind> deleted = Kinds.inDeletionOrder().stream().filter(kind -> kind.isDeletedWith(ALL_RETIRED) && kind.partOf().isEmpty())
                .toList();
        for (int index = 0; index < deleted.size(); index++) {
            Kind kind = deleted.get(index);
            String next = index + 1 < deleted.size() ? deleted.get(index + 1).key() : "rest";
            route("delete-one", kind).parameter("collection", kind.collection()).add();
            route("delete", kind).parameter("next", next).add();
        }
    }

    private TemplatedRouteBuilder route(String verb, Kind kind) {
        return TemplatedRouteBuilder.builder(context, "aep-" + verb).routeId(id(verb, kind)).parameter("kind", kind.key());
    }

    private static String id(String verb, Kind kind) {
        return "aep-%s-%s".formatted(verb, kind.key());
    }
}
