package io.github.aepdataflows.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatasetLabelsTest {

    private static final String LABELS = "{\"labels\":[\"C1\"]}";

    @Test
    void should_keep_the_labels_of_a_dataset_as_a_document_with_an_etag() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Client client = Client.of(simulator);
            String path = "/data/foundation/dataset/datasets/" + Chain.dataSet(client, Chain.schema(client, "Customers")) + "/labels";

            assertThat(client.get(path)).satisfies(reply -> {
                assertThat(reply.status()).isEqualTo(404);
                assertThat(reply.json().path("code").asText()).isEqualTo("PES-404");
            });
            assertThat(client.withJson().send("PUT", path, "{\"tags\":[]}").status()).isEqualTo(400);
            assertThat(client.withJson().send("PUT", path, LABELS).status()).isEqualTo(200);
            assertThat(client.post(path, LABELS).status()).as("deprecated, and only for the first").isEqualTo(403);
            String etag = client.get(path).headers().get("etag").get(0);
            assertThat(client.withJson().send("PUT", path, LABELS).status()).as("without If-Match").isEqualTo(400);
            assertThat(client.withJson().with("If-Match", "\"0\"").send("PUT", path, LABELS).status()).isEqualTo(412);
            assertThat(client.withJson().with("If-Match", etag).send("PUT", path, "{\"labels\":[]}").json())
                    .hasToString("{\"labels\":[],\"optionalLabels\":[]}");
            assertThat(client.get(path).headers().get("etag").get(0)).isNotEqualTo(etag);
        }
    }

    @Test
    void should_label_no_dataset_that_does_not_exist() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            assertThat(Client.of(simulator).withJson().send("PUT", "/data/foundation/dataset/datasets/0123456789abcdef01234567/labels",
                    LABELS).status()).isEqualTo(404);
        }
    }
}
