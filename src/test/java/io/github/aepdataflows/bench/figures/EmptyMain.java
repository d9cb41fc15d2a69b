package io.github.aepdataflows.bench.figures;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** Camel Main with one route of YAML: what every Camel application needs. */
public final class EmptyMain {

    private EmptyMain() {
    }

    public static void main(String[] arguments) throws Exception {
        Path route = Files.createTempFile("empty", ".camel.yaml");
        Files.writeString(route, """
                - route:
                    from:
                      uri: timer
                      parameters: { timerName: empty, repeatCount: 1, delay: 0 }
                      steps:
                        - log: "${headers}"
                """);
        Main main = new Main();
        main.configure().withRoutesIncludePattern("file:" + route);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterStart(BaseMainSupport started) {
                System.out.println("started");
            }
        });
        main.run();
    }
}
