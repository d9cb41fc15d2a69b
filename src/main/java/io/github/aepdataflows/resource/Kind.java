package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fingerprint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A kind of resource that a dataflow is made of. A class that implements it holds all that this program knows about the kind; the
 * mechanism that observes, creates, adopts, updates, replaces and deletes resources asks it. {@link Kinds} lists them.
 *
 * <p>A <em>request</em> is the body that a create sends; an <em>actual</em> resource is a document as the Platform shows it.
 */
public interface Kind {

    Pattern NEXT_WORD = Pattern.compile("-([a-z])");

    // --- its names ---

    /** As in {@code source-connection}: in the ledger, in routes and in documents. */
    String key();

    /** As in {@code source connection}. */
    default String words() {
        return key().replace('-', ' ');
    }

    /** The message header that carries the id of the dataflow's resource, as in {@code AepSourceConnectionId}. */
    default String header() {
        String field = field();
        return "Aep" + Character.toUpperCase(field.charAt(0)) + field.substring(1) + "Id";
    }

    /** Its name among the resources of a receipt, as in {@code sourceConnection}. */
    default String field() {
        return NEXT_WORD.matcher(key()).replaceAll(letter -> letter.group(1).toUpperCase());
    }

    // --- where it is kept ---

    Service service();

    /** Path of the collection below {@code /data/foundation/}. */
    String collection();

    /** Query of the creates for the definition; empty for none. */
    default String createQuery(Definition definition) {
        return "";
    }

    default String listAccept() {
        return service().listAccept();
    }

    default String idOf(JsonNode resource) {
        return service().idOf(resource);
    }

    default boolean isId(String text) {
        return service().isId(text);
    }

    /** The id in the answer to a create; empty where it has none of the documented form. */
    default Optional<String> createdId(JsonNode answer) {
        return service().createdId(answer);
    }

    /** What tells one version of the resource from the next: its etag, or its version. May be empty. */
    default String versionOf(JsonNode resource) {
        return resource.path("etag").asText("");
    }

    /** What a change of it names in {@code If-Match}: its etag, of which Flow Service shows a copy as its version. May be empty. */
    default String etagOf(JsonNode resource) {
        boolean versioned = service() == Service.FLOW_SERVICE && resource.path("etag").asText("").isEmpty();
        return resource.path(versioned ? "version" : "etag").asText("");
    }

    /** The version in the answer to a create or an update; empty where a needed one is missing. */
    default Optional<String> createdVersion(JsonNode answer) {
        return Optional.of(versionOf(answer));
    }

    /** The message header that carries the version, as an integer; empty for a kind whose version nobody needs. */
    default Optional<String> versionHeader() {
        return Optional.empty();
    }

    /** A look at the resource of this id. */
    default Lookup lookup(String id) {
        return new Lookup(path(id), "", service().readAccept());
    }

    /** A look at a version of the resource of this id, where the kind keeps versions. */
    default Lookup lookup(String id, String version) {
        return lookup(id);
    }

    /** Path of the resource of this id below {@code /data/foundation/}. */
    default String path(String id) {
        return collection() + idPath(id);
    }

    /** The same, below the collection. */
    default String idPath(String id) {
        return "/" + Lookup.encode(Lookup.altId(id));
    }

    /** As {@link #lookup(String, String)}, of the resource that an existing flow uses. */
    default Lookup lookupOfFlow(String id, String version) {
        return lookup(id, version);
    }

    // --- its place in a dataflow ---

    /**
     * The resource whose part it is: it has its id, is there with it, though it may say nothing yet, and is only ever updated. Empty for
     * all that is made by a create.
     */
    default Optional<Kind> partOf() {
        return Optional.empty();
    }

    /** Whether all dataflows of a sandbox share it. */
    default boolean isShared() {
        return false;
    }

    /** Whether any that is as the request makes it serves all, whoever made it. */
    default boolean servesAny() {
        return false;
    }

    /** Whether a dataflow can have several of it, which their natural keys tell apart. */
    default boolean hasSeveral() {
        return false;
    }

    /** The kinds whose ids it names. They are made before it, and deleted after it. */
    List<Kind> builtOn();

    /** Whether the definition describes such a resource, which is made unless it exists. */
    boolean isDescribedBy(Definition definition);

    /** Whether the definition names an existing resource in its place. */
    default boolean isNamedBy(Definition definition) {
        return false;
    }

    /** The id of the existing resource, where the definition names it by its id. */
    default Optional<String> namedId(Definition definition) {
        return Optional.empty();
    }

    /** Whether every flow of this form uses one, which its documents name. */
    default boolean isPartOf(FlowDocuments flow) {
        return true;
    }

    /**
     * Id of the resource that an existing flow uses, as other documents of the flow name it; empty where none does, or none was read yet.
     */
    String idIn(FlowDocuments flow);

    /** Version of it that the flow uses; empty where the kind keeps none. */
    default String versionIn(FlowDocuments flow) {
        return versionOf(flow.get(this));
    }

    // --- making it ---

    /** What creates send for the definition: one of most kinds, as many as it describes of others. */
    List<ObjectNode> requests(Inputs inputs);

    /** What is really sent for a request. */
    default ObjectNode sent(ObjectNode request, Inputs inputs) {
        return request;
    }

    /** The secrets that a request names: where each goes, as in {@code auth.params.password}, to its name. */
    default Map<String, String> secrets(JsonNode request) {
        return Map.of();
    }

    // --- finding it ---

    /** By what it is found again, of a request or of an actual resource. */
    default String naturalKey(JsonNode resource) {
        return resource.path("name").asText();
    }

    /** Whether one of the same natural key that others have made serves, once an update has made it as the request says. */
    default boolean mayBeOthers() {
        return false;
    }

    /** Whether others of the same natural key are in its way. */
    default boolean isKnownByName() {
        return true;
    }

    /** What to do about something that is in its way. */
    default String adviceOnConflict() {
        return "Nothing was touched. Remove what is not wanted at the Platform, or choose another name, and apply the definition again.";
    }

    /**
     * By what the service may be asked for resources of the natural key of this one, a request or an actual resource: the likely form
     * first. None where only the whole list tells.
     */
    List<Filter> filters(JsonNode resource);

    /** The query by which a listing is ordered; empty where the order is the service's own. */
    default String listOrder() {
        return service().order;
    }

    // --- comparing it ---

    /** What of a request or resource tells whether it is the one that is wanted, whatever a service adds to it or writes in other words. */
    JsonNode normalForm(JsonNode document);

    /** SHA-256 of what a request makes, the same at each attempt. */
    default String digest(JsonNode request) {
        return Fingerprint.digestOf(normalForm(request));
    }

    /** How a path of the normal form is called where somebody looks for it in the Platform's document. */
    default String place(String path) {
        return path;
    }

    /** In what an actual resource differs from what a request makes. */
    default List<Difference> differences(JsonNode request, JsonNode actual) {
        return Difference.between(normalForm(request), normalForm(actual));
    }

    /** Whether an actual resource is the one that a request means, though an update may have to make it as the request says. */
    default boolean isMeantBy(JsonNode request, JsonNode actual) {
        return differences(request, actual).isEmpty();
    }

    /** In what it differs from what the definition says of it beside the request. */
    default List<Difference> furtherDifferences(Definition definition, JsonNode actual) {
        return List.of();
    }

    /** Whether a difference is removed by a step of its own, after what is made in between. */
    default boolean isDeferred(Difference difference) {
        return false;
    }

    /**
     * How the Platform allows a difference to be removed. One that is not known to be removable is impossible.
     *
     * @param now decides whether a flow has started
     */
    Verdict verdict(Difference difference, JsonNode actual, Instant now);

    /** The comparison of a resource with what a definition makes of it: for adopting, planning, changing and exporting. */
    default Comparison compare(Definition definition, JsonNode request, JsonNode actual, Instant now) {
        List<Difference> all = new ArrayList<>(differences(request, actual));
        all.addAll(furtherDifferences(definition, actual));
        return new Comparison(all, verdict(all, actual, now));
    }

    /** How the Platform allows all of these differences to be removed. */
    default Verdict verdict(List<Difference> differences, JsonNode actual, Instant now) {
        return Verdict.of(differences.stream().map(difference -> verdict(difference, actual, now)).toList());
    }

    /** In what a resource differs from what a definition makes of it, and how that can be removed. */
    record Comparison(List<Difference> differences, Verdict verdict) {
    }

    /** What follows for a resource that is otherwise as it should be, when something that it is built on is made or changed. */
    default Optional<Verdict> follows(Kind base, Action action) {
        return builtOn().contains(base) && action.makesNew()
                ? Optional.of(Verdict.replace("it is made with the %s, which will be another".formatted(base.words()))) : Optional.empty();
    }

    // --- changing it ---

    /** How it is updated where it is; empty for a kind that never is. */
    Optional<Update> update();

    /** The HTTP method of an update and the media type of its body. */
    record Update(String method, String mediaType) {

        static final Update PATCH = new Update("PATCH", Lookup.JSON);
    }

    /**
     * The body of an update: a JSON Patch of the declared fields that differ, unless the service takes something else.
     *
     * @param actual the resource, read just now
     */
    default JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        return Patch.between(actual, Patch.with(differences, actual));
    }

    // --- keeping what it has besides ---

    /** Whether an update sends the whole of it, or of the part that it is about. */
    default boolean isUpdatedAsAWhole() {
        return update().filter(update -> update.method().equals("PUT")).isPresent();
    }

    /** Whether it is better not updated than without something that cannot be carried over. */
    default boolean refusesLoss() {
        return false;
    }

    /**
     * What becomes of a field that the resource has, and the request that makes it again has not.
     *
     * @param path as in {@code params.filters} or {@code transformations[Encryption]}
     */
    default CarryOver.Fate fate(String path, JsonNode request, JsonNode actual) {
        return CarryOver.Fate.GOVERNED;
    }

    /** By what an element of a list is known, the surest first; empty where it is not. */
    default List<String> namesOf(JsonNode element) {
        return element.hasNonNull("name") ? List.of(element.path("name").asText()) : List.of();
    }

    // --- deleting it ---

    /** Whether it goes when the dataflow is to be absent, if it was made for the dataflow. */
    boolean isDeletedWith(Definition.Lifecycle lifecycle);

    /** Whether it goes when what it is built on goes: it is not deleted before that, which may have to stay. */
    default boolean isPartOfItsBase() {
        return false;
    }

    /** Whether the service may say that it does not offer the deletion; then the resource stays. */
    default boolean mayBeUndeletable() {
        return false;
    }

    /** Which resources are built on one of the kind, where a look through all of them tells; empty for a kind with nothing above it. */
    default Optional<Kind> usedBy() {
        return Optional.empty();
    }

    /** A look for others that use the resource; empty for a kind that only one dataflow uses. */
    default Optional<Search> users(String id) {
        return Optional.empty();
    }
}
