package io.github.aepdataflows.check;

import static io.github.aepdataflows.check.Minimal.BASE;
import static io.github.aepdataflows.check.Minimal.HUBSPOT;
import static io.github.aepdataflows.check.Minimal.MINIMAL;
import static io.github.aepdataflows.check.Minimal.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes that only the Platform can see, one at a time: refused by the chain and by the check in the same words, and nothing is created.
 */
class LiveMistakesTest {

    private static Rig rig;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data);
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    static Stream<Arguments> mistakes() {
        String listed = "tableName: Account\n  columns: [ { name: Id, type: string }, { name: Name, type: string } ]";
        String hourly = "schedule: { frequency: hour, interval: 1 }\ncopy: { deltaColumn: { name: LastModifiedDate } }\n";
        return Stream.of(
                arguments("unknown base connection", with(BASE, "4cb0c374-d3bb-4557-b139-5712880adc56"), "source.baseConnectionId",
                "no base connection", "1101-404", ""),
                arguments("connection of another source", with(BASE, HUBSPOT), "source.baseConnectionId", "of another source", "1305-400",
                ""),
                arguments("misspelt table", with("tableName: Account", "tableName: Acount"), "source.tableName", "no table Acount", "",
                "Account"),
                arguments("unknown column", with("tableName: Account", listed.replace("Name, type", "Nome, type"))
                .replace("source: Name", "source: Nome"), "source.columns[1].name", "no column Nome", "", "Name"),
                arguments("type of a column", with("tableName: Account", listed.replace("Name, type: string", "Name, type: integer")),
                "source.columns[1].type", "is of another type: string", "", ""),
                arguments("mapped column", with("source: Name", "source: Nmae"), "mapping[1].source", "no column Nmae", "", "Name"),
                arguments("unknown delta column", MINIMAL + hourly.replace("LastModifiedDate", "LastModifiedDat"), "copy.deltaColumn.name",
                "no column LastModifiedDat", "", "LastModifiedDate"),
                arguments("delta column that is no date-time", MINIMAL + hourly.replace("LastModifiedDate", "Name"),
                "copy.deltaColumn.name", "is string, but", "", ""),
                arguments("unknown field", with("person.name.fullName", "person.name.fulName"), "mapping[1].destination", "no field", "",
                "person.name.fullName"),
                arguments("unknown field group", with("profile-person-details", "profile-person-detail"), "target.schema.fieldGroups[0]",
                "no field group", "XDM-1010-404", ""),
                arguments("unknown class", with("context/profile\n", "context/profil\n"), "target.schema.class", "no class", "XDM-1010-404",
                ""),
                arguments("misspelt flow spec", with("connector: salesforce",
                "connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5\n  flowSpec: CRMtoAEP") + hourly, "source.flowSpec",
                "no flow spec named CRMtoAEP; did you mean CRMToAEP?", "1413-400", "CRMToAEP"),
                arguments("flow spec in small letters", with("connector: salesforce",
                "connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5\n  flowSpec: crmtoaep"), "source.flowSpec",
                "no flow spec named crmtoaep; did you mean CRMToAEP?", "1413-400", "CRMToAEP"),
                arguments("unknown schema",
                with("title: Minimal\n    class: https://ns.adobe.com/xdm/context/profile\n    fieldGroups: [ "
                        + "https://ns.adobe.com/xdm/context/profile-person-details ]", "title: Nowhere"),
                        "target.schema.title", "no schema has the title", "", ""),
                arguments("unknown dataset", with("dataset: { name: Minimal }", "dataset: { name: Minimal, existing: true }")
                        .replaceAll("(?m)^    (class|fieldGroups).*\n", ""), "target.dataset.name", "no dataset is called", "", ""),
                arguments("unknown connection by name", with("baseConnectionId: " + BASE, "baseConnection: { name: Nobody }"),
                "source.baseConnection.name", "no base connection is called", "", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void should_refuse_a_mistake_that_only_the_platform_can_see(String what, String definition, String path, String words, String code,
            String nearest) throws Exception {
        List<Fault> faults = new Minimal(rig).refused(definition);

        Fault fault = faults.stream().filter(each -> each.path().equals(path)).findFirst().orElseThrow(() -> new AssertionError(faults));
        assertThat(fault.message()).contains(words).endsWith(code.isEmpty() ? "" : "(" + code + ")");
        assertThat(fault.line()).isPositive();
        assertThat(fault.code()).isEqualTo(code);
        assertThat(fault.nearest()).isEqualTo(nearest);
        assertThat(rig.ledger().dataflow("Minimal").orElseThrow().done()).isFalse();
        assertThat(rig.ledger().unresolved()).isEmpty();
    }

    /** Of a flow spec that nobody knows, nobody can say what it reads: that there is none is all that is told. */
    @Test
    void should_say_nothing_of_tables_and_files_where_the_flow_spec_is_misspelt() throws Exception {
        String byIds = with("connector: salesforce", "connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5\n  flowSpec: CRMtoAEP");

        assertThat(new Minimal(rig).refused(byIds + "copy: { deltaColumn: { name: LastModifiedDate } }\n"
                + "schedule: { frequency: hour, interval: 1 }\n")).singleElement()
                .extracting(Fault::path).isEqualTo("source.flowSpec");
        assertThat(new Minimal(rig).refused(byIds.replace("tableName: Account", "path: x.csv\n  recursive: true"))).singleElement()
                .extracting(Fault::path).isEqualTo("source.flowSpec");
        assertThat(new Minimal(rig).refused(byIds.replace("  tableName: Account\n", ""))).singleElement()
                .extracting(Fault::message).isEqualTo("give tableName or path, and only one of tableName and path");
    }

    /** The definition alone would have it misspelt as the list is. */
    @Test
    void should_not_advise_to_misspell_a_column_as_the_list_does() throws Exception {
        JsonNode report = new Minimal(rig).check(with("tableName: Account",
                "tableName: Account\n  columns: [ { name: Id, type: string }, { name: Nam, type: string } ]"));

        assertThat(report.path("faults").findValuesAsText("message")).containsExactly("the source has no column Nam; did you mean Name?",
                "the source has a column Name, but it is not among source.columns; add it there");
        assertThat(report.at("/faults/1").has("nearest")).isFalse();
    }
}
