package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files of config/service against what the program and its image are. */
class ServiceFilesTest {

    private static final Path FOLDER = Path.of("config/service");
    private static final List<String> WITHOUT_DEFAULT = List.of("AEP_CLIENT_ID", "AEP_CLIENT_SECRET", "AEP_ORG_ID", "AEP_SANDBOX");

    private static List<JsonNode> documents(String name) throws Exception {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(FOLDER.resolve(name)))
                .forEach(document -> documents.add(new ObjectMapper().valueToTree(document)));
        return documents;
    }

    /** How long a stop of the program takes at most, in seconds: RoutesTest asks the application. */
    private static int stop() {
        return 25;
    }

    @Test
    void should_give_a_stop_its_time_and_restart_where_that_helps_under_systemd() throws Exception {
        Map<String, String> unit = Files.readAllLines(FOLDER.resolve("aep-dataflows.service")).stream()
                .filter(line -> line.contains("=") && !line.startsWith("#")).map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> one + "\n" + other));

        assertThat(Integer.parseInt(unit.get("TimeoutStopSec"))).isGreaterThan(stop());
        assertThat(unit).containsEntry("RestartPreventExitStatus", "2").containsEntry("SuccessExitStatus", "143");
        assertThat(unit.get("ExecStart")).endsWith("/aep-dataflows run");
        assertThat(Path.of("src/main/bin", Path.of(unit.get("ExecStart").split(" ")[0]).getFileName().toString())).isRegularFile();
        assertThat(unit.get("Environment")).startsWith("AEP_DATA_DIR=/var/lib/" + unit.get("StateDirectory"));
    }

    @Test
    void should_keep_the_data_and_demand_the_settings_without_a_default_under_compose() throws Exception {
        JsonNode compose = documents("compose.yaml").get(0);
        JsonNode service = compose.at("/services/aep-dataflows");

        assertThat(service.path("environment").fieldNames()).toIterable().containsExactlyElementsOf(WITHOUT_DEFAULT);
        WITHOUT_DEFAULT.forEach(name -> assertThat(service.path("environment").path(name).asText()).isEqualTo("${%s:?}".formatted(name)));
        assertThat(service.path("volumes").get(0).asText()).isEqualTo("data:" + image("AEP_DATA_DIR"));
        assertThat(compose.path("volumes").has("data")).isTrue();
        assertThat(service.path("stop_grace_period").asText()).isEqualTo("45s");
        assertThat(service.path("read_only").asBoolean()).isTrue();
    }

    @Test
    void should_run_one_pod_as_the_user_of_the_image_with_its_probes_under_kubernetes() throws Exception {
        List<JsonNode> manifests = documents("kubernetes.yaml");
        JsonNode spec = manifests.get(1).path("spec");
        JsonNode pod = spec.at("/template/spec");
        JsonNode container = pod.at("/containers/0");

        assertThat(manifests).extracting(manifest -> manifest.path("kind").asText()).containsExactly("PersistentVolumeClaim", "Deployment");
        assertThat(spec.path("replicas").asInt()).isEqualTo(1);
        assertThat(spec.at("/strategy/type").asText()).isEqualTo("Recreate");
        assertThat(spec.at("/selector/matchLabels")).isEqualTo(spec.at("/template/metadata/labels"));
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(stop());
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("USER %s:%s".formatted(pod.at("/securityContext/runAsUser").asText(),
                pod.at("/securityContext/runAsGroup").asText()));
        assertThat(pod.at("/volumes/0/persistentVolumeClaim/claimName")).isEqualTo(manifests.get(0).at("/metadata/name"));
        assertThat(container.at("/volumeMounts/0/mountPath").asText()).isEqualTo(image("AEP_DATA_DIR"));
        assertThat(container.at("/ports/0/containerPort").asText()).isEqualTo(image("AEP_OPS_PORT"));
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/observe/health/ready");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/observe/health/live");
        assertThat(image("AEP_OPS_BIND")).isEqualTo("0.0.0.0");
    }

    /** They differ from one alone in nothing but what several need. */
    @Test
    void should_run_several_pods_on_one_volume_under_kubernetes() throws Exception {
        List<JsonNode> alone = documents("kubernetes.yaml");
        List<JsonNode> several = documents("kubernetes-several.yaml");
        JsonNode spec = several.get(1).path("spec");

        assertThat(several).extracting(manifest -> manifest.path("kind").asText())
                .containsExactly("PersistentVolumeClaim", "Deployment", "PodDisruptionBudget");
        assertThat(several.get(0).at("/spec/accessModes/0").asText()).isEqualTo("ReadWriteMany");
        assertThat(spec.path("replicas").asInt()).isGreaterThan(1);
        assertThat(spec.at("/strategy/type").asText()).isEqualTo("RollingUpdate");
        assertThat(several.get(2).at("/spec/selector")).isEqualTo(spec.path("selector"));
        ((ObjectNode) spec.at("/template/spec")).remove("topologySpreadConstraints");
        assertThat(spec.path("template")).isEqualTo(alone.get(1).at("/spec/template"));
        assertThat(Files.readString(FOLDER.resolve("kubernetes-several.yaml"))).contains("AEP_LEDGER_URL");
    }

    /** A variable that the image sets. */
    private static String image(String name) throws Exception {
        String line = Files.readAllLines(Path.of("Dockerfile")).stream().filter(each -> each.startsWith("ENV ")).findFirst().orElseThrow();
        Properties variables = new Properties();
        for (String pair : line.substring("ENV ".length()).split(" ")) {
            variables.setProperty(pair.split("=")[0], pair.split("=")[1]);
        }
        return variables.getProperty(name);
    }
}
