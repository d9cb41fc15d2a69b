package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredSecretsTest {

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    @Test
    void should_find_a_secret_in_the_folder_then_in_the_environment() throws Exception {
        put("crm.api-key", "of the folder");
        Secrets secrets = secrets(Map.of("AEP_SECRET_CRM_API_KEY", "of the environment", "AEP_SECRET_OTHER", "o"));

        assertThat(secrets.find("crm.api-key")).contains("of the folder");
        assertThat(secrets.find("other")).contains("o");
        assertThat(secrets.find("none")).isEmpty();
        assertThat(secrets.has("other")).isTrue();
        assertThat(secrets.has("none")).isFalse();
        Files.delete(folder.resolve("crm.api-key"));
        assertThat(secrets.find("crm.api-key")).contains("of the environment");
    }

    @Test
    void should_need_no_folder() {
        Secrets secrets = new ConfiguredSecrets("", Map.of("AEP_SECRET_A", "b")::get);

        assertThat(secrets.find("a")).contains("b");
        assertThat(secrets.places("a")).startsWith("environment variable AEP_SECRET_A");
    }

    @Test
    void should_say_where_it_looks() {
        assertThat(secrets(Map.of()).places("crm.api-key"))
                .isEqualTo("file crm.api-key in %s (aep.secrets-dir), or environment variable AEP_SECRET_CRM_API_KEY".formatted(folder));
    }

    @Test
    void should_read_at_each_use() throws Exception {
        Secrets secrets = secrets(Map.of());
        put("a", "before");
        assertThat(secrets.find("a")).contains("before");
        put("a", "after");
        assertThat(secrets.find("a")).contains("after");
    }

    @Test
    void should_cut_off_one_line_break_and_nothing_else() throws Exception {
        put("unix", " a b\t\n");
        put("windows", "ab\r\n");
        put("two", "ab\n\n");
        put("inside", "a\nb");

        assertThat(find("unix")).isEqualTo(" a b\t");
        assertThat(find("windows")).isEqualTo("ab");
        assertThat(find("two")).isEqualTo("ab\n");
        assertThat(find("inside")).isEqualTo("a\nb");
    }

    @Test
    void should_read_without_the_byte_order_mark_of_an_editor() throws Exception {
        put("notepad", "\uFEFFab\r\n");
        put("inside", "a\uFEFFb");
        put("empty", "\uFEFF\n");

        assertThat(find("notepad")).isEqualTo("ab");
        assertThat(find("inside")).isEqualTo("a\uFEFFb");
        assertThat(secrets(Map.of()).find("empty")).isEmpty();
    }

    @Test
    void should_take_an_empty_one_for_none() throws Exception {
        put("a", "\n");

        assertThat(secrets(Map.of("AEP_SECRET_B", "")).find("a")).isEmpty();
        assertThat(secrets(Map.of("AEP_SECRET_B", "")).find("b")).isEmpty();
    }

    @Test
    void should_read_64_kib_and_no_more() throws Exception {
        put("most", "x".repeat(64 * 1024));
        put("more", "x".repeat(64 * 1024 + 1));

        assertThat(find("most")).hasSize(64 * 1024);
        assertThat(secrets(Map.of()).find("more")).isEmpty();
    }

    @Test
    void should_refuse_what_is_no_text() throws Exception {
        Files.write(folder.resolve("a"), new byte[] {(byte) 0xff, (byte) 0xfe, 0x00});

        assertThat(secrets(Map.of()).find("a")).isEmpty();
    }

    @Test
    void should_follow_the_links_of_a_kubernetes_mount_and_its_rotation() throws Exception {
        version("..2026_01", "before");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01"));
        Files.createSymbolicLink(folder.resolve("crm"), Path.of("..data/crm"));
        Secrets secrets = secrets(Map.of());
        assertThat(secrets.find("crm")).contains("before");

        version("..2026_02", "after");
        Files.delete(folder.resolve("..data"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_02"));

        assertThat(secrets.find("crm")).contains("after");
    }

    @Test
    void should_follow_a_link_to_the_folder_itself() throws Exception {
        put("a", "b");
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), folder);

        assertThat(new ConfiguredSecrets(link.toString(), name -> null).find("a")).contains("b");
    }

    @Test
    void should_not_be_led_out_of_the_folder() throws Exception {
        Path outside = Files.writeString(elsewhere.resolve("outside"), "x");
        Files.createSymbolicLink(folder.resolve("link"), outside);
        Files.createDirectory(folder.resolve("sub"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));

        assertThat(secrets(Map.of()).find("link")).isEmpty();
        assertThat(secrets(Map.of()).find("sub")).isEmpty();
        assertThat(secrets(Map.of()).find("loop")).isEmpty();
    }

    @Test
    void should_not_wait_for_a_pipe() throws Exception {
        Process pipe = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
        assertThat(pipe.waitFor()).isZero();

        assertThat(secrets(Map.of()).find("pipe")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../outside", "/etc/passwd", "..data/a", "a/b", "a\\b", "-a", ".hidden", "a b", "a\n", "a\u0000",
            "ä", "${env:HOME}"})
    void should_ask_nobody_for_a_name_that_is_none(String name) throws Exception {
        Files.writeString(elsewhere.resolve("outside"), "x");
        Files.createDirectory(folder.resolve("..data"));
        Files.writeString(folder.resolve("..data/a"), "x");
        Files.writeString(folder.resolve(".hidden"), "x");

        assertThat(new ConfiguredSecrets(folder.toString(), variable -> "of the environment").find(name)).isEmpty();
    }

    @Test
    void should_have_names_of_up_to_100_letters() throws Exception {
        put("a".repeat(100), "x");

        assertThat(find("a".repeat(100))).isEqualTo("x");
        assertThat(secrets(Map.of("AEP_SECRET_" + "A".repeat(101), "x")).find("a".repeat(101))).isEmpty();
    }

    @Test
    void should_have_none_while_the_folder_is_gone() throws Exception {
        Secrets secrets = new ConfiguredSecrets(folder.resolve("not-there").toString(), Map.of("AEP_SECRET_A", "b")::get);

        assertThat(secrets.find("a")).contains("b");
        assertThat(secrets.find("c")).isEmpty();
    }

    private void version(String name, String value) throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("crm"), value);
    }

    private void put(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private String find(String name) {
        return secrets(Map.of()).find(name).orElseThrow();
    }

    private Secrets secrets(Map<String, String> environment) {
        return new ConfiguredSecrets(folder.toString(), environment::get);
    }
}
