package io.github.aepdataflows.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.util.IOHelper;

/**
 * The packaged values of the {@code aep.*} settings, below everything that a host can set: it answers only for a name that no other
 * source of the context has a value for, not even those that Camel asks after all sources (initial properties, Spring's environment).
 * Has no {@code aep.url} and no {@code aep.token-url}: whoever embeds the routes says where the secret may go.
 */
public final class Defaults implements PropertiesSource, Ordered {

    private static final String NAME = "aep-defaults";
    private static final String FILE = "aep-dataflows/application.properties";
    private static final Set<String> ADDRESSES = Set.of("aep.url", "aep.token-url");

    private final PropertiesComponent component;
    private final Properties packaged;

    private Defaults(PropertiesComponent component) {
        this.component = component;
        packaged = packaged();
        ADDRESSES.forEach(packaged::remove);
    }

    /**
     * Gives the context these defaults, once. Where the host names the packaged file among its property locations, they take its
     * place: from there it would hide values of the host that come later.
     */
    public static void addTo(CamelContext context) {
        PropertiesComponent component = (PropertiesComponent) context.getPropertiesComponent();
        if (component.getPropertiesSource(NAME) == null) {
            List<String> locations = component.getLocations();
            List<String> others = locations.stream().filter(location -> !location.contains(FILE)).toList();
            if (others.size() < locations.size()) {
                component.setLocations(others.toArray(String[]::new));
            }
            component.addPropertiesSource(new Defaults(component));
        }
    }

    /** Adobe's addresses of the Platform and of the token service, which only the program itself takes without being told. */
    public static Map<String, String> addresses() {
        Map<String, String> addresses = new HashMap<>();
        Properties packaged = packaged();
        ADDRESSES.forEach(name -> addresses.put(name, packaged.getProperty(name)));
        return addresses;
    }

    private static Properties packaged() {
        Properties packaged = new Properties();
        try (InputStream file = Defaults.class.getResourceAsStream("/" + FILE)) {
            packaged.load(new InputStreamReader(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packaged;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST;
    }

    @Override
    public String getProperty(String name) {
        return packaged.containsKey(name) && !isSetByHost(name) ? packaged.getProperty(name) : null;
    }

    private boolean isSetByHost(String name) {
        return component.getPropertiesSources().stream().anyMatch(source -> source != this && source.getProperty(name) != null)
                || component.getInitialProperties().containsKey(name)
                || component.getPropertiesParser() instanceof DefaultPropertiesParser parser && parser.customLookup(name) != null
                || component.getEnvironmentVariableMode() != PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER
                        && IOHelper.lookupEnvironmentVariable(name) != null
                || component.getSystemPropertiesMode() != PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER
                        && System.getProperty(name) != null;
    }
}
