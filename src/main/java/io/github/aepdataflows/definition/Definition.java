package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * One dataflow as its definition file describes it, checked and with all defaults filled in.
 *
 * @param fingerprint by what its content is recognised, whatever its spelling
 * @param copy   params of the Copy transformation as in the API; absent when the definition has none
 * @param options options of the flow as in the API; absent when the definition has none
 */
public record Definition(
        String name,
        Optional<String> description,
        Fingerprint fingerprint,
        Source source,
        Target target,
        List<Mapping> mapping,
        Optional<ObjectNode> copy,
        Schedule schedule,
        Optional<ObjectNode> options) {

    /** Title of the ad-hoc class of the dataflow of that name (2020 form). */
    public static String sourceClassTitle(String name) {
        return name + " source class";
    }

    /** Title of the ad-hoc schema of the dataflow of that name (2020 form). */
    public static String sourceSchemaTitle(String name) {
        return name + " source schema";
    }

    /** SHA-256 of the content, the same for every spelling of it. */
    public String digest() {
        return fingerprint.digest();
    }

    /** The 2020 form: ad-hoc class and schema for the source, dataset base connection for the target. */
    public boolean adHoc() {
        return source.format().equals("parquet_xdm");
    }

    /**
     * @param connectionSpecId id of the connector's connection spec
     * @param flowSpec         name of the flow spec to look up
     * @param pathParameter    {@code tableName} or {@code path}
     * @param path             value of that parameter
     * @param columns          as given; empty when the definition lists none
     */
    public record Source(
            String name,
            Optional<String> description,
            String connectionSpecId,
            String flowSpec,
            String baseConnectionId,
            String format,
            String pathParameter,
            String path,
            ArrayNode columns) {
    }

    public record Target(String name, Optional<String> description, Schema schema, Dataset dataset) {
    }

    /** Either the id of an existing schema, or the title, class and field groups of a new one. */
    public record Schema(
            Optional<String> id, String title, Optional<String> description, String classId, List<String> fieldGroups) {
    }

    /** Either the id of an existing dataset, or the name of a new one. */
    public record Dataset(Optional<String> id, String name) {
    }

    /** A rule of the mapping set: source column to path in the target schema. */
    public record Mapping(
            String source, String destination, boolean identity, Optional<String> identityGroup, Optional<String> namespaceCode) {
    }

    /**
     * @param startTime epoch seconds; absent: shortly after the flow's creation
     * @param interval  in units of the frequency; absent for {@code once}
     */
    public record Schedule(Optional<Long> startTime, String frequency, Optional<Integer> interval, Optional<Boolean> backfill) {
    }
}
