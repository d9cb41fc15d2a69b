package io.github.aepdataflows.resource;

import io.github.aepdataflows.definition.Definition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The kinds of resources, in the order in which those of a dataflow are made. */
public final class Kinds {

    public static final Kind BASE_CONNECTION = new BaseConnection();
    public static final Kind SOURCE_CLASS = new SourceClass();
    public static final Kind SOURCE_SCHEMA = new SourceSchema();
    public static final Kind SOURCE_CONNECTION = new SourceConnection();
    public static final Kind FIELD_GROUP = new FieldGroup();
    public static final Kind TARGET_SCHEMA = new TargetSchema();
    public static final Kind IDENTITY = new IdentityDescriptor();
    public static final Kind LABEL = new LabelDescriptor();
    public static final Kind TARGET_DATASET = new TargetDataset();
    public static final Kind DATASET_LABELS = new DatasetLabels();
    public static final Kind DATASET_CONNECTION = new DatasetConnection();
    public static final Kind TARGET_CONNECTION = new TargetConnection();
    public static final Kind MAPPING_SET = new MappingSet();
    public static final Flow FLOW = new Flow();

    public static final List<Kind> ALL = List.of(
            BASE_CONNECTION,
            SOURCE_CLASS,
            SOURCE_SCHEMA,
            SOURCE_CONNECTION,
            FIELD_GROUP,
            TARGET_SCHEMA,
            IDENTITY,
            LABEL,
            TARGET_DATASET,
            DATASET_LABELS,
            DATASET_CONNECTION,
            TARGET_CONNECTION,
            MAPPING_SET,
            FLOW);

    private Kinds() {
    }

    /**
     * In the order in which those of a dataflow are deleted: the reverse. But what goes with the dataflow in any case goes before what is
     * retired, so that a schema which cannot be deleted holds up nothing else; and what is a part of its base goes after that.
     */
    public static List<Kind> inDeletionOrder() {
        Definition.Lifecycle nothingRetired = new Definition.Lifecycle(Definition.State.ABSENT, false, false, false);
        List<Kind> order = new ArrayList<>(ALL);
        Collections.reverse(order);
        order.sort(Comparator.comparing((Kind kind) -> !kind.isDeletedWith(nothingRetired)).thenComparing(Kind::isPartOfItsBase));
        return order;
    }

    /** @throws IllegalArgumentException when none has this key */
    public static Kind of(String key) {
        return ALL.stream().filter(kind -> kind.key().equals(key)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind of resource has the key " + key));
    }
}
