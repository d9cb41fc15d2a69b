package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.settings.SettingsException;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host sets wins over the packaged defaults, whatever way it sets it, before and after the routes are added. */
class HostSettingsTest {

    private static Simulator simulator;

    @TempDir
    Path folder;

    @BeforeAll
    static void startSimulator() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "host"));
    }

    @AfterAll
    static void stopSimulator() throws Exception {
        simulator.close();
    }

    private Map<String, String> settings() {
        return Map.ofEntries(Map.entry("aep.url", simulator.url().toString()), Map.entry("aep.token-url", simulator.tokenUrl().toString()),
                Map.entry("aep.client-id", simulator.options().clientId()),
                Map.entry("aep.client-secret", simulator.options().clientSecret()),
                Map.entry("aep.org-id", simulator.options().orgId()), Map.entry("aep.sandbox", "dev"),
                Map.entry("aep.data-dir", folder.resolve("data").toString()), Map.entry("aep.inbox.enabled", "false"),
                Map.entry("aep.audit.enabled", "false"), Map.entry("aep.ledger.compare", "false"), Map.entry("aep.audit.grace", "7m"));
    }

    private enum Way {
        INITIAL {
            @Override
            void set(PropertiesComponent component, Map<String, String> settings, Path folder) {
                component.setInitialProperties(properties(settings));
            }
        },
        OVERRIDE {
            @Override
            void set(PropertiesComponent component, Map<String, String> settings, Path folder) {
                component.setOverrideProperties(properties(settings));
            }
        },
        LOCATION {
            @Override
            void set(PropertiesComponent component, Map<String, String> settings, Path folder) throws Exception {
                component.addLocation("file:" + file(settings, folder));
            }
        },
        LOCATION_AFTER_THE_PACKAGED_FILE {
            @Override
            void set(PropertiesComponent component, Map<String, String> settings, Path folder) throws Exception {
                component.setLocation("classpath:aep-dataflows/application.properties,file:" + file(settings, folder));
            }
        },
        SYSTEM {
            @Override
            void set(PropertiesComponent component, Map<String, String> settings, Path folder) {
                settings.forEach(System::setProperty);
            }
        },
        SYSTEM_AS_FALLBACK {
            @Override
            void set(PropertiesComponent component, Map<String, String> settings, Path folder) {
                component.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_FALLBACK);
                settings.forEach(System::setProperty);
            }
        },
        SOURCE {
            @Override
            void set(PropertiesComponent component, Map<String, String> settings, Path folder) {
                component.addPropertiesSource(new PropertiesSource() {
                    @Override
                    public String getName() {
                        return "host";
                    }

                    @Override
                    public String getProperty(String name) {
                        return settings.get(name);
                    }
                });
            }
        },
        /** As Spring's environment is: asked when no source of Camel knows the name. */
        ENVIRONMENT_OF_A_FRAMEWORK {
            @Override
            void set(PropertiesComponent component, Map<String, String> settings, Path folder) {
                component.setPropertiesParser(new DefaultPropertiesParser(component) {
                    @Override
                    public String customLookup(String key) {
                        return settings.get(key);
                    }
                });
            }
        };

        abstract void set(PropertiesComponent component, Map<String, String> settings, Path folder) throws Exception;

        private static Properties properties(Map<String, String> settings) {
            Properties properties = new Properties();
            properties.putAll(settings);
            return properties;
        }

        private static Path file(Map<String, String> settings, Path folder) throws Exception {
            return Files.writeString(folder.resolve("host.properties"), settings.entrySet().stream()
                    .map(each -> each.getKey() + " = " + each.getValue()).collect(Collectors.joining("\n")));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void should_take_what_a_plain_context_sets_that_runs_already(Way way) throws Exception {
        Map<String, String> settings = settings();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            way.set((PropertiesComponent) context.getPropertiesComponent(), settings, folder);
            EmbeddedRoutes.addTo(context);
            assertIsAsSet(context, settings);
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void should_take_what_camel_main_sets_before_it_starts(Way way) throws Exception {
        Map<String, String> settings = settings();
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");   // the class path of the tests has our own
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport starting) {
                try {
                    way.set((PropertiesComponent) starting.getCamelContext().getPropertiesComponent(), settings, folder);
                    EmbeddedRoutes.addTo(starting.getCamelContext());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try {
            main.start();
            assertIsAsSet(main.getCamelContext(), settings);
        } finally {
            main.stop();
            settings.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void should_take_what_camel_main_sets_that_includes_the_routes_by_a_pattern_and_names_the_packaged_file_first() throws Exception {
        Map<String, String> settings = settings();
        Main main = new Main();
        main.setPropertyPlaceholderLocations("classpath:aep-dataflows/application.properties,file:" + Way.file(settings, folder));
        main.configure().withRoutesIncludePattern("classpath:aep-dataflows/*.camel.yaml");
        try {
            main.start();
            assertIsAsSet(main.getCamelContext(), settings);
        } finally {
            main.stop();
        }
    }

    private static void assertIsAsSet(CamelContext context, Map<String, String> settings) throws Exception {
        for (Map.Entry<String, String> each : settings.entrySet()) {
            assertThat(context.resolvePropertyPlaceholders("{{" + each.getKey() + "}}")).isEqualTo(each.getValue());
        }
        Settings effective = context.getRegistry().lookupByNameAndType("aepSettings", Settings.class);
        assertThat(effective.url()).hasToString(settings.get("aep.url"));
        assertThat(effective.tokenUrl()).hasToString(settings.get("aep.token-url"));
        assertThat(effective.clientSecret()).isEqualTo(settings.get("aep.client-secret"));
        assertThat(effective.dataDir()).isEqualTo(settings.get("aep.data-dir"));
        assertThat(effective.text("aep.inbox.enabled")).isEqualTo("false");
        assertThat(effective.integer("aep.rate")).as("a default").isEqualTo(50);
        assertThat(effective.duration("aep.audit.grace")).isEqualTo(Duration.ofMinutes(7));
        assertThat(context.getRouteController().getRouteStatus("aep-inbox").isStopped()).isTrue();
        assertThat(sent(context)).as("who is sent the secret, and then the token").startsWith(effective.tokenUrl().getPath())
                .hasSizeGreaterThan(2);
    }

    /** The paths that an audit asks the host's Platform for: no part of it goes to another address, or the audit would not be complete. */
    private static List<String> sent(CamelContext context) throws Exception {
        int before = simulator.requests().all().size();
        String report = context.createFluentProducerTemplate().to("direct:aep-audit").request(String.class);
        assertThat(Rig.json(report).path("complete").asBoolean()).isTrue();
        return simulator.requests().all().stream().skip(before).map(Request::path).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"aep.url", "aep.token-url"})
    void should_not_start_without_an_address_that_the_host_names(String address) throws Exception {
        Map<String, String> settings = new HashMap<>(settings());
        settings.remove(address);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            Way.INITIAL.set((PropertiesComponent) context.getPropertiesComponent(), settings, folder);

            assertThatThrownBy(() -> EmbeddedRoutes.addTo(context)).hasRootCauseInstanceOf(SettingsException.class)
                    .rootCause().hasMessageContaining(address + " (environment");
            assertThat(context.getRoutes()).isEmpty();
            assertThat(context.getRegistry().lookupByName("aepSettings")).isNull();
        }
    }
}
