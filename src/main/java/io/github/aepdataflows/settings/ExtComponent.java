package io.github.aepdataflows.settings;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.StartupListener;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Camel's own component with what our settings say. It is made when a route first uses it, as the program has neither that component nor
 * the client that it needs: both lie in {@code ext/}.
 */
public abstract class ExtComponent extends DefaultComponent {

    protected final Settings settings;
    private final String scheme;
    private final String advice;
    private Component component;

    /**
     * @param scheme of Camel's component
     * @param advice what needs which jars; with a place for the version of Camel
     */
    protected ExtComponent(Settings settings, String scheme, String advice) {
        this.settings = settings;
        this.scheme = scheme;
        this.advice = advice;
    }

    /** What the component is configured with. */
    protected abstract Map<String, Object> configuration() throws Exception;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Map<String, Object> own = new HashMap<>(parameters);
        parameters.clear();   // it is told of those that it does not know
        return component().createEndpoint(uri, own);
    }

    private synchronized Component component() throws Exception {
        if (component == null) {
            CamelContext context = getCamelContext();
            Component made = context.getCamelContextExtension().getContextPlugin(ComponentResolver.class).resolveComponent(scheme, context);
            if (made == null) {
                throw missing("camel-" + scheme);
            }
            made.setCamelContext(context);
            bind(made, configuration());
            ServiceHelper.startService(made);
            if (made instanceof StartupListener listener) {
                context.addStartupListener(listener);   // its consumers begin when the context has started
            }
            component = made;
        }
        return component;
    }

    /** A jar, or a class of one, is not in {@code ext/}. */
    protected final SettingsException missing(String what) {
        return new SettingsException(advice.formatted(getCamelContext().getVersion()) + ": there is no " + what);
    }

    /** Values are taken as they are: nothing in them is a reference or a placeholder. */
    protected final void bind(Object target, Map<String, Object> properties) {
        PropertyBindingSupport.build().withCamelContext(getCamelContext()).withTarget(target).withProperties(new HashMap<>(properties))
                .withMandatory(true).withReference(false).withPlaceholder(false).bind();
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopAndShutdownService(component);
        super.doStop();
    }
}
