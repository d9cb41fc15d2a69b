package io.github.aepdataflows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.PlatformComponent;
import io.github.aepdataflows.provision.Redelivery;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spi.DataFormatCustomizer;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Scheduler;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.matchers.GroupMatcher;

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

            HttpComponent http = (HttpComponent) host.getComponent("aep-http", PlatformComponent.class).component();
            assertThat(http.getHttpClientConfigurer()).isSameAs(client);
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

    /** As Spring Boot applies {@code camel.component.http.*} and so on: to each component and data format of the class. */
    @Test
    void should_be_out_of_reach_of_what_a_host_makes_of_all_components_of_a_kind() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults()); DefaultCamelContext host = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.putAll(Rig.settings(simulator, data));
            settings.putAll(Map.of("aep.inbox.enabled", "false", "aep.audit.enabled", "true"));
            host.getPropertiesComponent().setInitialProperties(settings);
            Scheduler hosts = new StdSchedulerFactory().getScheduler();
            ObjectMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS).build();
            host.getRegistry().bind("http", ComponentCustomizer.forType(HttpComponent.class, http -> {
                http.setHttpClientConfigurer(builder -> builder.setUserAgent("host"));
                http.setHeaderFilterStrategy(new DefaultHeaderFilterStrategy());
            }));
            host.getRegistry().bind("quartz", ComponentCustomizer.forType(QuartzComponent.class, quartz -> quartz.setScheduler(hosts)));
            host.getRegistry().bind("jackson", DataFormatCustomizer.forType(JacksonDataFormat.class, json -> json.setObjectMapper(mapper)));
            host.start();
            EmbeddedRoutes.addTo(host);

            Exchange done = ask(host, "direct:aep-provision", Rig.example("customer-success"));

            assertThat(done.getException()).isNull();
            assertThat(simulator.store().resources("dev", "flows").get(0).at("/scheduleParams/interval").isNumber()).isTrue();
            assertThat(hosts.getJobKeys(GroupMatcher.anyGroup())).as("the audit is none of its jobs").isEmpty();
            assertThat(host.getRouteController().getRouteStatus("aep-audit-schedule").isStarted()).isTrue();
            hosts.shutdown();
        }
    }

    @Test
    void should_leave_what_a_host_calls_alike_when_removed() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults()); DefaultCamelContext host = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.putAll(Rig.settings(simulator, data));
            host.getPropertiesComponent().setInitialProperties(settings);
            host.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:aep-intake").routeId("aep-intake").to("direct:aep-provision");
                    routeTemplate("aep-definitions").templateParameter("name").from("direct:{{name}}").log("a definition");
                }
            });
            host.addRoutes(new RouteConfigurationBuilder() {
                @Override
                public void configuration() {
                    routeConfiguration("aep-failures").onException(DefinitionException.class).handled(true);
                }
            });
            TemplatedRouteBuilder.builder(host, "aep-definitions").routeId("aep-definitions-of-crm").parameter("name", "crm").add();
            host.getRegistry().bind("aepVault", "the host's own");
            host.start();
            EmbeddedRoutes.addTo(host);

            EmbeddedRoutes.removeFrom(host);

            assertThat(host.getRoutes()).extracting(Route::getRouteId).containsExactlyInAnyOrder("aep-intake", "aep-definitions-of-crm");
            assertThat(host.getRouteTemplateDefinitions()).extracting(RouteTemplateDefinition::getId).containsExactly("aep-definitions");
            assertThat(host.getRouteConfigurationDefinitions()).extracting(RouteConfigurationDefinition::getId)
                    .containsExactly("aep-failures");
            assertThat(host.getRegistry().lookupByName("aepVault")).isNotNull();
            EmbeddedRoutes.addTo(host);
            assertThat(ask(host, "direct:aep-intake", Rig.example("customer-success")).getException()).isNull();
        }
    }

    @Test
    void should_leave_nothing_of_a_failure_to_what_the_same_exchange_does_next() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults()); DefaultCamelContext host = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.putAll(Rig.settings(simulator, data));
            settings.put("aep.inbox.enabled", "false");
            EmbeddedRoutes.addTo(host, "dev", settings);
            String definition = Rig.example("customer-success");
            host.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:twice").setVariable("hosts", constant("kept"))
                            .doTry().to("direct:aep-provision-dev").doCatch(DefinitionException.class).end()
                            .setBody(constant(definition)).to("direct:aep-provision-dev");
                }
            });
            host.start();

            Exchange done = ask(host, "direct:twice", "{}");

            assertThat(done.getException()).isNull();
            assertThat(done.getVariable("aepError")).isNull();
            assertThat(done.getVariable("hosts")).isEqualTo("kept");
        }
    }

    @Test
    void should_take_a_text_as_it_is_and_a_stream_once_whatever_the_host_says_of_either() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults()); DefaultCamelContext host = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.putAll(Rig.settings(simulator, data));
            settings.putAll(Map.of("aep.inbox.enabled", "false", "aep.redelivery.max", "1000"));
            host.getPropertiesComponent().setInitialProperties(settings);
            host.setStreamCaching(false);
            host.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:latin").setProperty(Exchange.CHARSET_NAME, constant("ISO-8859-1")).to("direct:aep-provision");
                }
            });
            host.start();
            EmbeddedRoutes.addTo(host);
            String definition = Rig.example("customer-success").replaceFirst("(?m)^description:.*", "description: Größe ☃");

            assertThat(ask(host, "direct:latin", definition).getException()).isNull();
            assertThat(simulator.store().resources("dev", "flows").get(0).path("description").asText()).isEqualTo("Größe ☃");

            Ledger ledger = host.getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
            Redelivery redelivery = host.getRegistry().lookupByNameAndType("aepRedelivery", Redelivery.class);
            ledger.close();
            CompletableFuture<Exchange> running = CompletableFuture.supplyAsync(() -> host.createFluentProducerTemplate()
                    .to("direct:aep-provision").withBody(new ByteArrayInputStream(definition.getBytes(UTF_8))).request(Exchange.class));
            await().atMost(20, SECONDS).until(() -> redelivery.failedAttempts() > 2);
            ledger.open();

            Exchange done = running.get(30, SECONDS);
            assertThat(done.getException()).isNull();
            assertThat(Rig.json(done.getMessage().getBody(String.class)).path("outcome").asText()).isEqualTo("unchanged");
        }
    }

    @Test
    void should_keep_the_headers_of_whoever_has_a_ledger_made_again() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Exchange done = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-rebuild")
                    .withHeader("HostHeader", "kept").request(Exchange.class);

            assertThat(done.getMessage().getHeaders()).containsEntry("HostHeader", "kept")
                    .containsEntry("Content-Type", "application/json");
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
