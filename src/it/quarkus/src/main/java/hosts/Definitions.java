package hosts;

import io.github.aepdataflows.definition.DefinitionException;
import org.apache.camel.builder.RouteBuilder;

/** A route of the host that provisions what it is sent, and answers with the receipt or with the reason. */
public class Definitions extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:definitions").routeId("definitions")
                .doTry()
                    .to("direct:aep-provision")
                .doCatch(DefinitionException.class)
                    .setBody(variable("aepError"))
                .end();
    }
}
