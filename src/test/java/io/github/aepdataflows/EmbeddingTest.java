package io.github.aepdataflows;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The routes in somebody else's Camel, loaded from the jar. */
class EmbeddingTest {

    @TempDir
    Path data;

    @Test
    void should_provision_from_a_hosts_own_route_and_leave_the_host_as_it_was() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults()); DefaultCamelContext host = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.putAll(Rig.settings(simulator, data));
            settings.put("aep.inbox.enabled", "false");
            host.getPropertiesComponent().setOverrideProperties(settings);
            host.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:host").routeId("host-route")
                            .setHeader("HostHeader", constant("kept"))
                            .to("direct:aep-provision");
                    from("direct:careful").routeId("host-careful")
                            .doTry().to("direct:aep-provision")
                            .doCatch(DefinitionException.class).setBody(variable("aepError")).end();
                    from("direct:failing").routeId("host-failing").throwException(new IllegalStateException("the host's own"));
                }
            });
            host.start();

            EmbeddedRoutes.addTo(host);

            Exchange done = host.createFluentProducerTemplate().to("direct:host")
                    .withBody(Rig.example("customer-success")).request(Exchange.class);
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getHeader("HostHeader")).isEqualTo("kept");
            assertThat(done.getMessage().getHeader(AepHeaders.FLOW_ID, String.class))
                    .isEqualTo(simulator.store().resources("dev", "flows").get(0).path("id").asText());
            assertThat(Rig.json(done.getMessage().getBody(String.class)).path("outcome").asText()).isEqualTo("created");

            assertThat(Rig.json(host.createFluentProducerTemplate().to("direct:aep-audit").request(String.class))
                    .at("/counts/never ran").asInt())
                    .isEqualTo(1);

            Exchange caught = host.createFluentProducerTemplate().to("direct:careful").withBody("{}").request(Exchange.class);
            assertThat(caught.getException()).isNull();
            assertThat(Rig.json(caught.getMessage().getBody(String.class)).path("category").asText()).isEqualTo("definition");

            Exchange own = host.createFluentProducerTemplate().to("direct:failing").request(Exchange.class);
            assertThat(own.getException()).as("our error handlers are not the host's").hasMessage("the host's own");
            assertThat(own.getVariable("aepError")).isNull();
        }
    }

    @Test
    void should_make_each_bean_once_and_close_it_with_the_host() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults()); DefaultCamelContext host = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.putAll(Rig.settings(simulator, data));
            host.getPropertiesComponent().setOverrideProperties(settings);
            host.start();
            EmbeddedRoutes.addTo(host);
            Object client = host.getRegistry().lookupByName("aepPlatformClient");

            assertThat(host.getComponent("aep-http", HttpComponent.class).getHttpClientConfigurer()).isSameAs(client);
            Files.createDirectories(data.resolve("inbox"));
            Files.writeString(data.resolve("inbox/cs.yaml"), Rig.example("customer-success"));
            await().atMost(30, SECONDS).until(() -> Files.exists(data.resolve("done/cs.yaml")));
        }
    }

    @Test
    void should_refuse_to_be_added_twice_and_leave_nothing_behind_when_removed() throws Exception {
        Set<Thread> ofOthers = Thread.getAllStackTraces().keySet();
        try (Simulator simulator = Simulator.start(Options.defaults()); DefaultCamelContext host = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.putAll(Rig.settings(simulator, data));
            host.getPropertiesComponent().setInitialProperties(settings);
            host.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:host").routeId("host-route").to("direct:aep-provision");
                }
            });
            host.start();
            EmbeddedRoutes.addTo(host);
            Object ledger = host.getRegistry().lookupByName("aepLedger");

            assertThatThrownBy(() -> EmbeddedRoutes.addTo(host)).isInstanceOf(IllegalStateException.class).hasMessageContaining("already");
            assertThat(host.getRegistry().lookupByName("aepLedger")).isSameAs(ledger);
            assertThat(outcome(host)).isEqualTo("created");

            EmbeddedRoutes.removeFrom(host);

            assertThat(host.getRoutes()).extracting(Route::getRouteId).containsExactly("host-route");
            assertThat(host.getRouteTemplateDefinitions()).isEmpty();
            assertThat(host.getRouteConfigurationDefinitions()).isEmpty();
            assertThat(host.getCustomBeans()).isEmpty();
            assertThat(host.getRegistry().findByType(Object.class)).noneMatch(bean -> bean.getClass().getName().contains("aepdataflows"));
            assertThat(host.hasComponent("aep-http")).isNull();
            assertThat(((Ledger) ledger).isOpen()).isFalse();
            await().atMost(10, SECONDS).until(() -> Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !ofOthers.contains(thread)).map(Thread::getName)
                    .noneMatch(name -> name.startsWith("aep") || name.contains("aep-")));

            EmbeddedRoutes.removeFrom(host);
            EmbeddedRoutes.addTo(host);
            assertThat(outcome(host)).isEqualTo("unchanged");
        }
    }

    @Test
    void should_keep_several_sandboxes_apart_in_one_context() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults()); DefaultCamelContext host = new DefaultCamelContext()) {
            host.getPropertiesComponent().addInitialProperty("own.secret", simulator.options().clientSecret());
            host.getPropertiesComponent().addInitialProperty("aep.sandbox", "nobody's");
            for (String name : List.of("dev", "prod")) {
                Properties settings = new Properties();
                settings.putAll(Rig.settings(simulator, data.resolve(name)));
                settings.putAll(Map.of("aep.client-secret", "{{own.secret}}", "aep.sandbox", name, "aep.inbox.enabled", "false"));
                EmbeddedRoutes.addTo(host, name, settings);
                assertThatThrownBy(() -> EmbeddedRoutes.addTo(host, name, settings)).hasMessageContaining("already");
            }
            host.start();
            String definition = Rig.example("customer-success");

            Exchange done = ask(host, "direct:aep-provision-prod", definition);
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getHeader(AepHeaders.FLOW_ID, String.class))
                    .isEqualTo(simulator.store().resources("prod", "flows").get(0).path("id").asText());
            assertThat(simulator.store().resources("dev", "flows")).isEmpty();
            Exchange failed = ask(host, "direct:aep-provision-dev", "{}");
            assertThat(failed.getException()).isInstanceOf(DefinitionException.class);
            assertThat(Rig.json(failed.getVariable("aepError", String.class)).path("category").asText()).isEqualTo("definition");

            EmbeddedRoutes.removeFrom(host, "prod");
            assertThat(host.getRoutes()).extracting(Route::getRouteId).contains("aep-provision-dev").noneMatch(id -> id.endsWith("-prod"));
            assertThat(Rig.json(ask(host, "direct:aep-provision-dev", definition).getMessage().getBody(String.class)).path("outcome")
                    .asText()).isEqualTo("created");
        }
    }

    private static Exchange ask(DefaultCamelContext host, String endpoint, String definition) {
        return host.createFluentProducerTemplate().to(endpoint).withBody(definition).request(Exchange.class);
    }

    private static String outcome(DefaultCamelContext host) throws Exception {
        return Rig.json(host.createFluentProducerTemplate().to("direct:host").withBody(Rig.example("customer-success"))
                .request(String.class)).path("outcome").asText();
    }

    @Test
    void should_not_bring_settings_for_camel_itself_into_a_host() throws Exception {
        Properties packaged = new Properties();
        try (var in = EmbeddingTest.class.getResourceAsStream("/aep-dataflows/application.properties")) {
            packaged.load(in);
        }

        assertThat(packaged.stringPropertyNames()).isNotEmpty().allMatch(name -> name.startsWith("aep."));
    }
}
