package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.http.common.HttpMethods;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What must hold of every route, so that a new one that forgets it is found. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {

    private static final List<String> OUTERMOST = List.of("aep-provision", "aep-prune", "aep-check", "aep-plan", "aep-export",
            "aep-export-list", "aep-adopt", "aep-compare-connectors", "aep-audit-flows", "aep-audit-all-runs",
            "aep-audit-runs", "aep-audit-listing", "aep-audit-one",
            "aep-run-flow", "aep-retry-flow");

    private Rig rig;
    private CamelContext context;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data);
        context = rig.main().getCamelContext();
        assertThat(rig.provision(Rig.example("crm")).getException()).isNull();   // endpoints exist once they were used
        assertThat(rig.audit().getException()).isNull();
        System.out.println("routes started: " + context.getRoutesSize());   // for .ci/figures
    }

    @AfterAll
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_have_an_id_of_ours_and_a_description() {
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            assertThat(route.getId()).startsWith("aep-");
            if (route.getTemplateParameters() == null) {
                assertThat(route.getDescriptionText()).as(route.getId()).isNotBlank();
            }
        }
    }

    @Test
    void should_handle_errors_on_the_outermost_routes_only() {
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            if (OUTERMOST.contains(route.getId())) {
                assertThat(route.getRouteConfigurationId()).as(route.getId()).isEqualTo("aep-errors");
            } else if (!route.getId().equals("aep-compare-ledger-once")) {   // which is nobody's call, and tries until it is answered
                assertThat(route.getErrorHandler()).as(route.getId()).isNotNull();
                assertThat(route.getErrorHandler().getErrorHandlerType().getClass().getSimpleName())
                        .as(route.getId()).isEqualTo("NoErrorHandlerDefinition");
            }
        }
    }

    @Test
    void should_not_configure_the_routes_of_a_host() {
        assertThat(((ModelCamelContext) context).getRouteConfigurationDefinitions())
                .extracting(RouteConfigurationDefinition::getId).allMatch(id -> id != null && id.startsWith("aep-"));
    }

    @Test
    void should_name_the_method_of_every_call_and_read_control_headers_only_where_there_is_a_query() {
        List<HttpEndpoint> calls = context.getEndpoints().stream()
                .filter(HttpEndpoint.class::isInstance).map(HttpEndpoint.class::cast).toList();

        assertThat(calls).hasSize(34);   // calls that share an address share an endpoint
        assertThat(calls).allSatisfy(call -> {
            assertThat(call.getHttpMethod()).isNotNull();
            boolean create = call.getHttpMethod() == HttpMethods.POST && !call.getEndpointUri().contains("skipControlHeaders=false");
            assertThat(call.isSkipControlHeaders()).isEqualTo(create);
            assertThat(call.isFollowRedirects()).isFalse();
            assertThat(call.getEndpointUri()).startsWith("aep-http:");
        });
    }

    @Test
    void should_leave_the_components_of_a_host_alone() {
        assertThat(context.hasComponent("http")).isNull();
        assertThat(context.hasComponent("https")).isNull();
        assertThat(context.getEndpoints()).extracting(Endpoint::getEndpointUri)
                .allMatch(uri -> uri.matches("(direct://aep-|aep-http:|file:|aep-quartz://aep/|timer://aep-).*"));
    }

    @Test
    void should_never_build_an_address_from_a_message() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file)).as(file.toString())
                        .doesNotContain("toD:", "recipientList:", "routingSlip:", "dynamicRouter:", "groovy:", "script:");
            }
        }
    }

    @Test
    void should_have_every_setting_that_the_routes_use_in_application_properties_with_a_default() throws Exception {
        String properties = Files.readString(Path.of("config/application.properties"));
        Pattern placeholder = Pattern.compile("\\{\\{(aep\\.[a-z.-]+)\\}\\}");
        TreeSet<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                placeholder.matcher(Files.readString(file)).results().map((MatchResult found) -> found.group(1)).forEach(used::add);
            }
        }
        assertThat(used).isNotEmpty().allSatisfy(name -> assertThat(properties)
                .containsPattern("(?m)^" + Pattern.quote(name) + " *= *\\S"));
    }

    @Test
    void should_apply_the_settings_of_camel_itself() {
        assertThat(context.getName()).isEqualTo("aep-dataflows");
        assertThat(context.getShutdownStrategy().getTimeout()).isEqualTo(25);
        assertThat(context.isTracing()).isFalse();
    }
}
