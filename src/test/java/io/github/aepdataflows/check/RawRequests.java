package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.function.Consumer;

/** Requests to the Platform that no check has seen: those that the product has sent itself, with a mistake put in. */
final class RawRequests {

    private static final List<String> HEADERS = List.of("authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name");

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Rig rig;

    RawRequests(Rig rig) {
        this.rig = rig;
    }

    /** The last body that was created there and has that word in it. */
    ObjectNode sent(String path, String word) {
        List<Request> sent = requests(path).stream().filter(request -> request.text().contains(word)).toList();
        assertThat(sent).isNotEmpty();
        try {
            return (ObjectNode) Rig.json(sent.get(sent.size() - 1).text());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Request> requests(String path) {
        return rig.requests("POST", path).stream().filter(request -> request.status() == 200 || request.status() == 201).toList();
    }

    HttpResponse<String> changed(String path, String word, Consumer<ObjectNode> mistake) {
        ObjectNode body = sent(path, word);
        mistake.accept(body);
        return send("POST", path, body.toString());
    }

    /** @param path below {@code /data/foundation} */
    HttpResponse<String> send(String method, String path, String body) {
        Request model = requests("/flowservice/flows").get(0);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(rig.simulator().url() + "/data/foundation" + path))
                .header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
        HEADERS.forEach(name -> request.header(name, model.header(name).orElseThrow()));
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
