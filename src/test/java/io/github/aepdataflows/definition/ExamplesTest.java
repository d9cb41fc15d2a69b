package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.definition.Definition.FieldGroup;
import io.github.aepdataflows.definition.Definition.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples say what Adobe's tutorials say, and are read without a fault. */
class ExamplesTest {

    static Stream<Path> examples() throws IOException {
        return Files.list(Path.of("config/examples"));
    }

    private static Definition read(String file) throws Exception {
        return Sample.read(Files.readAllBytes(Path.of("config/examples", file)));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void should_read_every_example_without_a_fault(Path example) throws Exception {
        assertThat(Sample.read(Files.readAllBytes(example)).mapping()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void should_name_the_schema_for_editors_where_it_lies(Path example) throws IOException {
        String first = Files.readAllLines(example).get(0);

        assertThat(first).startsWith("# yaml-language-server: $schema=");
        assertThat(example.resolveSibling(first.substring(first.indexOf('=') + 1))).exists();
    }

    @Test
    void should_give_each_example_a_name_and_digest_of_its_own() throws Exception {
        Definition crm = read("crm.yaml");
        Definition automation = read("marketing-automation.yaml");
        Definition success = read("customer-success.yaml");

        assertThat(Stream.of(crm, automation, success).map(Definition::name)).doesNotHaveDuplicates();
        assertThat(Stream.of(crm, automation, success).map(Definition::digest)).doesNotHaveDuplicates();
    }

    @Test
    void should_describe_the_crm_tutorial() throws Exception {
        Definition crm = read("crm.yaml");

        assertThat(crm.name()).isEqualTo("Dataflow between a CRM system and Platform");
        assertThat(crm.description()).contains("Inbound data to Platform");
        assertThat(crm.adHoc()).isTrue();
        assertThat(crm.source().name()).isEqualTo("Source Connection for a CRM system");
        assertThat(crm.source().connectionSpecId()).isEqualTo("cfc0fee1-7dc0-40ef-b73e-d8b134c436f5");
        assertThat(crm.source().flowSpec()).isEqualTo("CRMToAEP");
        assertThat(crm.source().baseConnection().id()).contains("4cb0c374-d3bb-4557-b139-5712880adc55");
        assertThat(crm.source().format()).isEqualTo("parquet_xdm");
        assertThat(crm.source().pathParameter()).isEqualTo("tableName");
        assertThat(crm.source().path()).isEqualTo("Contact");
        assertThat(crm.source().columns()).extracting(column -> column.path("name").asText())
                .containsExactly("first_name", "last_name", "email");
        assertThat(crm.target().schema().title()).isEqualTo("Target schema for CRM source connector");
        assertThat(crm.target().schema().description()).contains("");
        assertThat(crm.target().schema().className()).isEqualTo("https://ns.adobe.com/xdm/context/profile");
        assertThat(crm.target().schema().fieldGroups()).extracting(FieldGroup::name)
                .containsExactly("https://ns.adobe.com/xdm/context/profile-person-details",
                "https://ns.adobe.com/xdm/context/profile-personal-details");
        assertThat(crm.target().dataset().name()).isEqualTo("Target Dataset for CRM data");
        assertThat(crm.mapping()).extracting(Mapping::source, Mapping::destination).containsExactly(
                tuple("first_name", "person.name.firstName"),
                tuple("last_name", "person.name.lastName"),
                tuple("email", "personalEmail.address"));
        assertThat(crm.copy().orElseThrow()).hasToString("{\"mode\":\"append\"}");
        assertThat(crm.schedule()).isEqualTo(new Definition.Schedule(Optional.empty(), "minute", Optional.of(30), Optional.empty(),
                Optional.empty()));
        assertThat(crm.options()).isEmpty();
    }

    @Test
    void should_describe_the_marketing_automation_tutorial() throws Exception {
        Definition automation = read("marketing-automation.yaml");

        assertThat(automation.adHoc()).isTrue();
        assertThat(automation.source().connectionSpecId()).isEqualTo("cc6a4487-9e91-433e-a3a3-9cf6626c1806");
        assertThat(automation.source().baseConnection().id()).contains("2fce94c1-9a93-4971-8e94-c19a93097129");
        assertThat(automation.source().pathParameter()).isEqualTo("path");
        assertThat(automation.source().path()).isEqualTo("Hubspot.Contacts");
        assertThat(automation.mapping()).extracting(Mapping::source, Mapping::destination).containsExactly(
                tuple("Properties_Firstname_Value", "person.name.firstName"),
                tuple("Properties_Lastname_Value", "person.name.lastName"),
                tuple("Added_At", "repositoryCreatedBy"),
                tuple("Portal_Id", "_id"));
        assertThat(automation.copy()).isEmpty();
        assertThat(automation.schedule()).isEqualTo(new Definition.Schedule(Optional.empty(), "minute", Optional.of(30), Optional.empty(),
                Optional.empty()));
    }

    @Test
    void should_describe_the_customer_success_tutorial() throws Exception {
        Definition success = read("customer-success.yaml");

        assertThat(success.adHoc()).isFalse();
        assertThat(success.source().connectionSpecId()).isEqualTo("cb66ab34-8619-49cb-96d1-39b37ede86ea");
        assertThat(success.source().baseConnection().id()).contains("f1da3694-38a9-403d-9a36-9438a9203d42");
        assertThat(success.source().format()).isEqualTo("tabular");
        assertThat(success.source().path()).isEqualTo("Account");
        assertThat(success.source().columns()).extracting(column -> column.path("name").asText() + " " + column.path("format").asText(""))
                .containsExactly("Id ", "Name ", "Phone ", "CreatedDate date-time");
        assertThat(success.target().schema().fieldGroups()).extracting(FieldGroup::name)
                .containsExactly("https://ns.adobe.com/xdm/context/profile-person-details");
        assertThat(success.mapping()).extracting(Mapping::source, Mapping::destination).containsExactly(
                tuple("Id", "_id"),
                tuple("Name", "person.name.fullName"),
                tuple("CreatedDate", "_repo.createDate"));
        assertThat(success.copy().orElseThrow())
                .hasToString("{\"deltaColumn\":{\"name\":\"updatedAt\",\"dateFormat\":\"YYYY-MM-DD\",\"timezone\":\"UTC\"}}");
        assertThat(success.schedule()).isEqualTo(new Definition.Schedule(Optional.empty(), "minute", Optional.of(15), Optional.of(true),
                Optional.empty()));
    }

    @Test
    void should_fill_in_the_defaults() throws DefinitionException {
        Definition definition = Sample.read(Sample.with("  name: CRM source\n", "").replace("  name: CRM target\n", "")
                .replace("  format: tabular\n", "").replaceAll("options: .*\n", "").replace("description: Accounts of the CRM\n", ""));

        assertThat(definition.source().name()).isEqualTo("CRM accounts source");
        assertThat(definition.target().name()).isEqualTo("CRM accounts target");
        assertThat(definition.source().format()).isEqualTo("tabular");
        assertThat(definition.description()).isEmpty();
        assertThat(definition.options()).isEmpty();
        assertThat(definition.mapping()).contains(new Mapping("ATTRIBUTE", "Id", "_id", false, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty()));
    }

    @Test
    void should_read_the_identity_of_a_mapping_rule() throws DefinitionException {
        Definition definition = Sample.read(Sample.with("destination: _id",
                "destination: _id, identity: true, identityGroup: null, namespaceCode: CRMID"));

        assertThat(definition.mapping().get(0))
                .isEqualTo(new Mapping("ATTRIBUTE", "Id", "_id", true, Optional.empty(), Optional.of("CRMID"), Optional.empty(),
                Optional.empty()));
    }

    @Test
    void should_read_a_source_by_its_ids_and_a_target_that_exists() throws DefinitionException {
        Definition definition = Sample.read("""
                apiVersion: aep-dataflows/v1
                name: Orders
                source:
                  connectionSpecId: ecadc60c-7455-4d87-84dc-2a0e293d997b
                  flowSpec: CloudStorageToAEP
                  baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
                  path: /orders/*.csv
                target:
                  schema: { id: https://ns.adobe.com/acme/schemas/9f6c }
                  dataset: { id: 5e8b6e8f1a2b3c4d5e6f7a8b }
                mapping: [{ source: id, destination: _id }]
                schedule: { frequency: once }
                """);

        assertThat(definition.source()).isEqualTo(new Definition.Source("Orders source", Optional.empty(),
                "ecadc60c-7455-4d87-84dc-2a0e293d997b", "CloudStorageToAEP", false,
                new Definition.BaseConnection(Optional.of("4cb0c374-d3bb-4557-b139-5712880adc55"), "", Optional.empty(), Optional.empty()),
                "delimited", "path", "/orders/*.csv", Optional.empty(), JsonNodeFactory.instance.arrayNode(),
                new Definition.Files(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                        Optional.empty()),
                Optional.empty(), Optional.empty()));
        assertThat(definition.target().schema().id()).contains("https://ns.adobe.com/acme/schemas/9f6c");
        assertThat(definition.target().dataset().id()).contains("5e8b6e8f1a2b3c4d5e6f7a8b");
        assertThat(definition.schedule()).isEqualTo(new Definition.Schedule(Optional.empty(), "once", Optional.empty(), Optional.empty(),
                Optional.empty()));
    }
}
