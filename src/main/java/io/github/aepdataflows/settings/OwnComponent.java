package io.github.aepdataflows.settings;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.StartupListener;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.service.ServiceHelper;

/**
 * One of Camel's components, under a name of ours and with what we say. It is known to nobody but its endpoints: a host that customizes all
 * components of that class, as Spring Boot does with the host's {@code camel.component.*} settings, does not find it. It is made when a
 * route first uses it.
 */
public abstract class OwnComponent extends DefaultComponent {

    private Component component;

    /** The component, configured and not started. */
    protected abstract Component make() throws Exception;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Map<String, Object> own = new HashMap<>(parameters);
        parameters.clear();   // it is told of those that it does not know
        return component().createEndpoint(uri, own);
    }

    /** Camel's own. */
    public final synchronized Component component() throws Exception {
        if (component == null) {
            CamelContext context = getCamelContext();
            Component made = make();
            made.setCamelContext(context);
            ServiceHelper.startService(made);
            if (made instanceof StartupListener listener) {
                context.addStartupListener(listener);   // its consumers begin when the context has started
            }
            component = made;
        }
        return component;
    }

    @Override
    protected synchronized void doStop() throws Exception {
        ServiceHelper.stopAndShutdownService(component);
        component = null;   // a context that starts again has other endpoints
        super.doStop();
    }
}
