package hosts;

import io.github.aepdataflows.EmbeddedRoutes;
import org.apache.camel.main.Main;

/** Camel Main with a route of its own and those of aep-dataflows. The settings stand in application.properties or in the environment. */
public final class MainHost {

    private MainHost() {
    }

    public static void main(String[] args) throws Exception {
        host().run(args);
    }

    static Main host() {
        Main main = new Main();
        main.configure().addRoutesBuilder(new Definitions());
        main.configure().addRoutesBuilder(EmbeddedRoutes.builder());
        return main;
    }
}
