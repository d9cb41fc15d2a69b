package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.resource.FieldGroup;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Search;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The class and field groups that a new schema names by their titles, and those that it describes: which of them exist. A look in each
 * container for each title; where nothing was found, one through all titles, as one of them may be meant.
 */
final class XdmTitles {

    private record Title(String path, String title, boolean isClass, boolean isDescribed) {

        private List<Kind> places() {
            return FieldGroup.containers(isClass);
        }

        private String words() {
            return isClass ? "class" : "field group";
        }
    }

    private final CheckResult check;
    private final Deque<Title> open = new ArrayDeque<>();
    private final List<Search> done = new ArrayList<>();
    private boolean everything;
    private boolean missing;

    XdmTitles(CheckResult check) {
        this.check = check;
        Definition.Schema schema = check.definition().target().schema();
        if (!schema.exists() && !Definition.isXdmId(schema.className())) {
            open.add(new Title("target.schema.class", schema.className(), true, false));
        }
        for (int i = 0; i < schema.fieldGroups().size(); i++) {
            Definition.FieldGroup group = schema.fieldGroups().get(i);
            if (!Definition.isXdmId(group.name())) {
                open.add(new Title("target.schema.fieldGroups[%d]".formatted(i), group.name(), false, group.isDescribed()));
            }
        }
    }

    /** Whether nothing, or more than one thing, has a title that the definition names. */
    boolean isAnyMissing() {
        return missing;
    }

    /** The keys under which their ids are remembered. */
    List<String> keys() {
        return open.stream().map(title -> title.words() + " " + title.title()).toList();
    }

    /** What has that key is known. */
    void recall(String key, String id) {
        open.stream().filter(title -> (title.words() + " " + title.title()).equals(key)).toList().forEach(title -> is(title, id));
    }

    private void is(Title title, String id) {
        check.namesAre(title.isClass() ? check.names().withClass(id) : check.names().with(title.title(), id));
        open.remove(title);
    }

    /** The next look; null when there is none left. */
    Search next() {
        if (open.isEmpty()) {
            return null;
        }
        Kind place = open.peek().places().get(done.size());
        return everything ? Search.everything(place)
                : Search.named(place, JsonNodeFactory.instance.objectNode().put("title", open.peek().title()));
    }

    void found(Search search) {
        done.add(search);
        if (done.size() == open.peek().places().size()) {
            conclude(open.peek(), done.stream().flatMap(each -> each.hits().stream()).toList());
            done.clear();
        }
    }

    private void conclude(Title title, List<Search.Hit> hits) {
        Optional<String> adobes = hits.stream().map(Search.Hit::id).filter(id -> title.isDescribed() && FieldGroup.isAdobes(id))
                .findFirst();
        if (adobes.isPresent()) {
            check.add(title.path() + ".title", "Adobe has a field group of this title: name that by its $id, %s, "
                    .formatted(adobes.get()) + "or give yours another title");
            missing = true;
            open.remove(title);
        } else if (!everything && hits.size() == 1) {
            is(title, hits.get(0).id());
        } else if (!everything && hits.isEmpty() && !title.isDescribed()) {
            everything = true;
        } else {
            if (everything) {
                check.add(check.fault(title.path(), "no %s has the title %s".formatted(title.words(), title.title()))
                        .withSuggestion(Nearest.to(title.title(), hits.stream().map(Search.Hit::name).distinct().sorted().toList())));
            } else if (!hits.isEmpty()) {
                check.add(title.path(), "%d %s have the title %s; name one by its $id: %s".formatted(hits.size(),
                        title.isClass() ? "classes" : "field groups", title.title(), Search.ids(hits)));
            }
            missing |= everything || !hits.isEmpty();
            everything = false;
            open.remove(title);
        }
    }
}
