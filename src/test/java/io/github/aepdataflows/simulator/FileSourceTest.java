package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Source connections of files: how the files are written and where they are. */
class FileSourceTest {

    private static final String S3 = "ecadc60c-7455-4d87-84dc-2a0e293d997b";
    private static final String FILES = "11111111-2222-4333-8444-555555555555";

    private static Simulator simulator;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        simulator.addBaseConnection("prod", FILES, "Files", S3);
        client = Client.of(simulator);
    }

    @AfterAll
    static void stop() throws IOException {
        simulator.close();
    }

    private static Client.Reply post(String data, String params) {
        return client.post(FLOW_SERVICE + "/sourceConnections", """
            {"name": "Accounts", "baseConnectionId": "%s", "data": {%s}, "params": {"path": "/landing/accounts.csv"%s},
             "connectionSpec": {"id": "%s", "version": "1.0"}}""".formatted(FILES, data, params, S3));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"format\": \"delimited\"",
        "\"format\": \"delimited\", \"columnDelimiter\": \"|\"",
        "\"format\": \"delimited\", \"columnDelimiter\": \"\\t\"",
        "\"format\": \"delimited\", \"properties\": {\"columnDelimiter\": \";\", \"compressionType\": \"zipDeflate\"}",
        "\"format\": \"json\", \"properties\": {\"compressionType\": \"gzip\"}",
        "\"format\": \"parquet\""})
    void should_take_files_as_documented(String data) {
        Client.Reply reply = post(data, "");

        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "\"true\"", "\"false\""})
    void should_take_a_folder_with_or_without_those_in_it(String recursive) {
        assertThat(post("\"format\": \"delimited\"", ", \"recursive\": " + recursive).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"format\": \"delimited\", \"columnDelimiter\": \";;\" | | 1331-400",
        "\"format\": \"delimited\", \"columnDelimiter\": \"\" | | 1331-400",
        "\"format\": \"delimited\", \"properties\": {\"columnDelimiter\": \";;\"} | | 1331-400",
        "\"format\": \"json\", \"columnDelimiter\": \";\" | | 1331-400",
        "\"format\": \"parquet\", \"properties\": {\"columnDelimiter\": \";\"} | | 1331-400",
        "\"format\": \"json\", \"properties\": {\"compressionType\": \"zip\"} | | 1304-400",
        "\"format\": \"json\", \"properties\": {\"compressionType\": \"GZIP\"} | | 1304-400",
        "\"format\": \"json\" | , \"recursive\": \"yes\" | 1304-400",
        "\"format\": \"json\" | , \"recursive\": 1 | 1304-400",
        "\"format\": \"json\" | , \"recursive\": null | 1304-400",
        "\"format\": \"csv\" | | 1327-400"})
    void should_refuse_anything_else(String data, String params, String code) {
        Client.Reply reply = post(data, params == null ? "" : params);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains(code);
    }
}
