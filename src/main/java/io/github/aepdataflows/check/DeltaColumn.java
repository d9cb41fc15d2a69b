package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Service;
import java.util.Optional;

/** Whether a column of a table can tell new rows from old ones: asked of the source, as the first run on demand fixes it for good. */
public final class DeltaColumn {

    private DeltaColumn() {
    }

    /** A look at the columns of the table that a source connection reads; empty where it reads none, or does not say of which source. */
    public static Optional<Lookup> columns(JsonNode sourceConnection) {
        JsonNode params = sourceConnection.path("params");
        String table = params.path("tableName").asText(params.path("path").asText());
        String base = sourceConnection.path("baseConnectionId").asText();
        return table.isEmpty() || !Service.FLOW_SERVICE.isId(base) ? Optional.empty()
                : Optional.of(Lookups.table(Kinds.BASE_CONNECTION.path(base), params, table).lookup());
    }

    /** Why it cannot be this column; empty where it can, or where the source does not tell. */
    public static Optional<String> objection(LookupResult explored, String name) {
        SourceColumns columns = SourceColumns.of(explored.document());
        if (!explored.isFound() || columns.isEmpty()) {
            return Optional.empty();
        } else if (!columns.has(name)) {
            return Optional.of("the source has no column %s; %s".formatted(name, Nearest.to(name, columns.dates())));
        }
        return columns.isDate(name) || !columns.isDescribed(name) ? Optional.empty()
                : Optional.of("column %s is %s, but new data is told from old by a date, a time or a date-time; %s".formatted(name,
                        columns.type(name), Nearest.to(name, columns.dates())));
    }
}
