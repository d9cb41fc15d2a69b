package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Definition.State;
import java.util.Optional;

/** What a definition says of a flow that exists, which is not quite what a create of it would send (Flow Service, update dataflows). */
public final class FlowForm {

    private FlowForm() {
    }

    /** The declared fields of it. A flow that is to run once from now on has neither interval nor backfill. */
    static JsonNode wanted(JsonNode request, JsonNode flow) {
        ObjectNode wanted = request.deepCopy();
        if (wanted.path("flowSpec") instanceof ObjectNode flowSpec) {   // the Platform's own affair
            flowSpec.remove("version");
        }
        if (wanted.path("scheduleParams") instanceof ObjectNode schedule && schedule.path("frequency").asText().equals("once")
                && !flow.at("/scheduleParams/frequency").asText().equals("once")) {
            schedule.putNull("interval").putNull("backfill");
        }
        return wanted;
    }

    /** Another start than the definition names; where it names none, any will do. */
    static Optional<Difference.Change> startChange(Definition definition, JsonNode flow) {
        JsonNode is = flow.at("/scheduleParams/startTime");
        return definition.schedule().startTime().filter(start -> !is.asText().equals(String.valueOf(start)))
                .map(start -> new Difference.Change("scheduleParams.startTime", is, LongNode.valueOf(start)));
    }

    /** Whether it has to be enabled or disabled; a transient state counts as the one that it leads to. */
    static Optional<Difference.Change> stateChange(Definition definition, JsonNode flow) {
        String wanted = definition.lifecycle().state() == State.PAUSED ? "disabled" : "enabled";
        String is = flow.path("state").asText();
        boolean settled = wanted.equals("disabled") ? is.matches("disabled|disabling")
                : is.matches("|enabled|initializing|enabling|updating|enabled-finalizing");
        return settled ? Optional.empty() : Optional.of(new Difference.Change("state", flow.path("state"), TextNode.valueOf(wanted)));
    }

    /** A state in which the Platform takes no change of a flow or connection (1416-400, 1420-400, 1421-400, 1422-400). */
    public static boolean isTransient(JsonNode resource) {
        return resource.path("state").asText().matches("initializing|inProgress|enabling|disabling|updating|(enabled|delete)-finalizing");
    }
}
