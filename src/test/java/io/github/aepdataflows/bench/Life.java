package io.github.aepdataflows.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Store;
import java.io.IOException;

/**
 * What the definition of one dataflow says at one time, and how it is edited. It says nothing of the fields that are somebody else's to
 * set.
 */
final class Life implements Cloneable {

    enum Edit { INTERVAL, LABEL, GROW, MAPPING, RENAME_DATASET, PAUSE, TABLE, ABSENT, SEVERAL }

    /** The current form, and that of 2020. What a definition of it has for an interval, where a column goes, and where else it can go. */
    enum Form {
        CURRENT(15, "person.name.fullName", "person.name.lastName"),
        OF_2020(30, "person.name.lastName", "person.name.courtesyTitle");

        private final int interval;
        private final String destination;
        private final String otherDestination;

        Form(int interval, String destination, String otherDestination) {
            this.interval = interval;
            this.destination = destination;
            this.otherDestination = otherDestination;
        }
    }

    private final String name;
    private final Form form;
    private int interval;
    private int label;
    private int table;
    private boolean grown;
    private boolean otherMapping;
    private boolean renamedDataset;
    private boolean paused;
    private boolean absent;

    Life(String name) {
        this(name, Form.CURRENT);
    }

    Life(String name, Form form) {
        this.name = name;
        this.form = form;
        this.interval = form.interval;
    }

    String name() {
        return name;
    }

    boolean isAbsent() {
        return absent;
    }

    /** Whether a flow of it is to be enabled. */
    boolean isActive() {
        return !absent && !paused;
    }

    /** The next definition. One that was absent is made again, whatever the edit. */
    Life edited(Edit edit) {
        try {
            Life next = (Life) clone();
            next.absent = false;
            next.apply(edit);
            return next;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void apply(Edit edit) {
        switch (edit) {
            case INTERVAL -> interval += 15;
            case LABEL -> label++;
            case GROW -> grown = true;
            case MAPPING -> otherMapping = !otherMapping;
            case RENAME_DATASET -> renamedDataset = !renamedDataset;
            case PAUSE -> paused = !paused;
            case TABLE -> table++;
            case ABSENT -> absent = true;
            default -> {
                interval += 15;
                label++;
                otherMapping = !otherMapping;
            }
        }
    }

    String definition() throws IOException {
        String example = form == Form.CURRENT ? Definitions.customerSuccess(name) : Definitions.crm(name);
        String text = example.replaceAll("(?m)^ *description: .*\n", "")
                .replace("interval: " + form.interval, "interval: " + interval)
                .replace("name: " + name + " source", "name: " + name + " source" + (label == 0 ? "" : " " + label))
                .replace("name: " + name + " target", "name: " + name + " target" + (label == 0 ? "" : " " + label))
                .replace("name: " + name + " dataset", "name: " + name + " dataset" + (renamedDataset ? " renamed" : ""))
                .replace("destination: " + form.destination, "destination: " + (otherMapping ? form.otherDestination : form.destination))
                .replace("tableName: ", "tableName: " + (table == 0 ? "" : "t" + table + "_"));
        if (grown) {
            text = text.replace("person-details\n", "person-details\n      - https://ns.adobe.com/xdm/context/profile-work-details\n");
        }
        return text + "allowReplace: true\n" + (absent ? "state: absent\n" : paused ? "state: paused\n" : "");
    }

    /** What a flow of this definition would be, in the words of {@link #told}. */
    String wanted() {
        return "%d %s%s %s%s %s".formatted(interval, name + " source", label == 0 ? "" : " " + label, table == 0 ? "" : "t" + table + "_",
                Definitions.column(name), otherMapping);
    }

    private static JsonNode part(Store store, String collection, String id, JsonNode flow) {
        return store.resource(Rig.SANDBOX, collection, id)
                .orElseThrow(() -> new IllegalStateException(
                        "the flow %s is made of %s %s, which is gone".formatted(flow, collection, id)));
    }

    /** What a flow is, with what it is made of, as far as definitions here differ in it. */
    String told(Store store, JsonNode flow) {
        JsonNode source = part(store, "sourceConnections", flow.at("/sourceConnectionIds/0").asText(), flow);
        String mappingSet = flow.path("transformations").findValuesAsText("mappingId").get(0);
        String rules = part(store, "mappingSets", mappingSet, flow).path("mappings").toString();
        return "%s %s %s %s".formatted(flow.at("/scheduleParams/interval").asText(), source.path("name").asText(),
                source.at("/params/tableName").asText(source.at("/params/path").asText()), rules.contains(form.otherDestination));
    }

    @Override
    public String toString() {
        return "%s: every %d, label %d, table %d%s%s%s, %s".formatted(name, interval, label, table, grown ? ", grown" : "",
                otherMapping ? ", other mapping" : "", renamedDataset ? ", renamed dataset" : "",
                absent ? "absent" : paused ? "paused" : "active");
    }
}
