package io.github.aepdataflows.settings;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.support.PropertyBindingSupport;

/** One with what our settings say. The program has neither that component nor the client that it needs: both lie in {@code ext/}. */
public abstract class ExtComponent extends OwnComponent {

    protected final Settings settings;
    private final String scheme;
    private final String advice;

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
    protected final Component make() throws Exception {
        Component made = getCamelContext().getCamelContextExtension().getContextPlugin(ComponentResolver.class)
                .resolveComponent(scheme, getCamelContext());
        if (made == null) {
            throw missing("camel-" + scheme);
        }
        made.setCamelContext(getCamelContext());
        bind(made, configuration());
        return made;
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
}
