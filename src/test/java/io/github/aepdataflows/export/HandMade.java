package io.github.aepdataflows.export;

import java.util.function.Function;

/** Dataflows of every form, made by hand; each is called by the name of the constant. */
enum HandMade {

    ONCE(by -> {
        String schema = by.schema();
        return by.flow("ONCE", ByHand.TABLES, by.table(""), by.target(schema, by.dataset(schema, "Once")), "",
                mapped(by.mapping(schema, "Id", "_id", "Name", "person.name.fullName"), "0"),
                once());
    }),

    RECURRING(by -> {
        String schema = by.schema();
        return by.flow("RECURRING", ByHand.TABLES, by.table(", 'description': 'All: of \\\"them\\\" # really'"),
                by.target(schema, by.dataset(schema, "Recurring")),
                "{'name': 'Copy', 'params': {'deltaColumn': {'name': 'LastModifiedDate', 'dateFormat': 'YYYY-MM-DD', 'timezone': 'UTC'}}},",
                mapped(by.mapping(schema, "Id", "_id", "Name", "person.name.fullName"), "'0'"),
                ", 'description': 'By hand\\nin two lines', 'scheduleParams': {'startTime': '1893456000', 'frequency': 'minute', "
                + "'interval': '15',"
                        + " 'backfill': 'true'}, 'options': {'errorDiagnosticsEnabled': true, 'partialIngestionPercent': 5}");
    }),

    /** The connector's own date format must not get into it. */
    WITHOUT_DATE_FORMAT(by -> {
        String schema = by.schema();
        return by.flow("WITHOUT_DATE_FORMAT", ByHand.TABLES, by.table(""), by.target(schema, by.dataset(schema, "Without")),
                "{'name': 'Copy', 'params': {'deltaColumn': {'name': 'LastModifiedDate'}}},",
                mapped(by.mapping(schema, "Name", "person.name.fullName"), "0"),
                ", 'scheduleParams': {'startTime': 1893456000, 'frequency': 'day', 'interval': 1}");
    }),

    DISABLED(by -> {
        String flow = by.flow("DISABLED", ByHand.TABLES, by.table(""), target(by, "Disabled"), "",
                mapped(by.mapping(by.lastSchema(), "Name", "person.name.fullName"), "0"), once());
        by.disable(flow);
        return flow;
    }),

    DRAFT(by -> by.draft("DRAFT", ByHand.TABLES, by.table(""), target(by, "Draft"), "",
            mapped(by.mapping(by.lastSchema(), "Name", "person.name.fullName"), "0"), once())),

    DELIMITED(by -> by.flow("DELIMITED", ByHand.FILES,
            by.files("'format': 'delimited', 'columnDelimiter': '|', 'properties': {'compressionType': 'gzip'}", "/landing/accounts.csv",
            ""),
            target(by, "Delimited"), "", mapped(by.mapping(by.lastSchema(), "Id", "_id", "Name", "person.name.fullName"), "0"),
            ", 'scheduleParams': {'startTime': '1893456000', 'frequency': 'hour', 'interval': '1'}")),

    JSON_FOLDER(by -> by.flow("JSON_FOLDER", ByHand.FILES, by.files("'format': 'json'", "/landing/accounts.json", ", 'recursive': 'true'"),
            target(by, "Json"), "", mapped(by.mapping(by.lastSchema(), "Id", "_id"), "0"), once())),

    COMPUTED(by -> by.flow("COMPUTED", ByHand.TABLES, by.table(""), target(by, "Computed"), "",
            mapped(by.mapping("""
                {'name': 'Mine', 'mappings': [
                   {'sourceType': 'ATTRIBUTE', 'source': 'Id', 'destination': '_id'},
                   {'sourceType': 'EXPRESSION', 'source': 'upper(Name)', 'destination': 'person.name.fullName'},
                   {'sourceType': 'STATIC', 'source': 'CRM', 'destination': 'person.name.lastName'}], 'outputSchema': {'schemaRef':
                   {'id': '%s', 'contentType': 'application/vnd.adobe.xed-full+json;version=1'}}}""".formatted(by.lastSchema())), "0"),
            once())),

    /** Read by path, with all that the source has: no columns are named. */
    ALL_COLUMNS(by -> by.flow("ALL_COLUMNS", ByHand.TABLES, by.source("""
            {'name': 'Contacts', 'baseConnectionId': '%s', 'data': {'format': 'tabular'}, 'params': {'path': 'Hubspot.Contacts'},
             'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(ByHand.HUBSPOT_BASE, ByHand.HUBSPOT)),
            target(by, "All"), "", mapped(by.mapping(by.lastSchema(), "Properties_Firstname_Value", "person.name.firstName"), "0"),
            once())),

    /** Described as explore did in earlier years. */
    META_COLUMNS(by -> by.flow("META_COLUMNS", ByHand.TABLES, by.source("""
            {'name': 'Contacts', 'baseConnectionId': '%s', 'data': {'format': 'tabular'}, 'params': {'tableName': 'Contact', 'columns': [
             {'name': 'email', 'type': 'string', 'meta': {'originalType': 'String'}}]},
             'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(ByHand.SALESFORCE_BASE, ByHand.SALESFORCE)),
            target(by, "Meta"), "", mapped(by.mapping(by.lastSchema(), "email", "personalEmail.address"), "0"), once())),

    /** The CRM tutorial: no version of the mapping set, no connection spec, titles of its own, version=1.0. */
    TUTORIAL_2020(by -> by.flow("TUTORIAL_2020", ByHand.TABLES,
            by.contacts2020(by.adHocSchema("'first_name': {'type': 'string'}, 'email': {'type': 'string'}")),
            target2020(by, ByHand.SALESFORCE, "Crm"), "{'name': 'Copy', 'params': {'mode': 'append'}},",
            "'mappingId': '%s'".formatted(by.mapping(by.lastSchema(), "first_name", "person.name.firstName")),
            ", 'description': 'Inbound data to Platform', 'scheduleParams': {'startTime': '1893456000', 'frequency':'minute', "
            + "'interval':'30'}")),

    /** The marketing automation tutorial: columns are nowhere but in the class. */
    PATH_2020(by -> by.flow("PATH_2020", ByHand.TABLES, by.source("""
            {'name': 'Marketing automation source connection', 'baseConnectionId': '%s', 'data': {'format': 'parquet_xdm', 'schema': \
            {'id': '%s',
             'version': 'application/vnd.adobe.xed-full-notext+json; version=1'}}, 'params': {'path': 'Hubspot.Contacts'},
             'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(ByHand.HUBSPOT_BASE,
            by.adHocSchema("'Properties_Firstname_Value': {'type': 'string'}, 'Added_At': {'type': 'string', 'format': 'date-time'}"),
            ByHand.HUBSPOT)),
            target2020(by, ByHand.HUBSPOT, "Marketing"), "",
            mapped(by.mapping(by.lastSchema(), "Properties_Firstname_Value", "person.name.firstName"), "'0'"),
            ", 'scheduleParams': {'startTime': '1893456000', 'frequency':'minute', 'interval':'30'}"));

    private final Function<ByHand, String> maker;

    HandMade(Function<ByHand, String> maker) {
        this.maker = maker;
    }

    /** Returns the flow's id. */
    String by(ByHand hand) {
        return maker.apply(hand);
    }

    private static String target(ByHand by, String dataset) {
        String schema = by.schema();
        return by.target(schema, by.dataset(schema, dataset));
    }

    private static String target2020(ByHand by, String spec, String dataset) {
        String schema = by.schema();
        return by.target2020(spec, schema, by.dataset(schema, dataset));
    }

    private static String once() {
        return ", 'scheduleParams': {'startTime': 1893456000, 'frequency': 'once'}";
    }

    private static String mapped(String mapping, String version) {
        return "'mappingId': '%s', 'mappingVersion': %s".formatted(mapping, version);
    }
}
