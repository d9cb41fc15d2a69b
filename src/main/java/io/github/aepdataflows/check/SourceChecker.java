package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.platform.Secrets;
import io.github.aepdataflows.resource.Inputs;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.Streaming;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges the base connection and the table or the files of a definition (Flow Service, {@code /connections} and explore). */
public final class SourceChecker {

    /** States that pass by themselves. */
    private static final Pattern MOVING = Pattern.compile("initializing|enabling|updating|inProgress");

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");

    private final Secrets secrets;

    public SourceChecker(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The source has to be asked after all: something is to be made with it. */
    public void askSource(@Variable(CheckResult.VARIABLE) CheckResult check) {
        check.askSource();
    }

    /** All was asked that only a base connection that was just made could tell. */
    public void newSourceChecked(@Variable(CheckResult.VARIABLE) CheckResult check) {
        check.newSourceChecked();
    }

    /** A complete look for the base connection by its name has ended. */
    public void baseConnectionFound(Exchange exchange, @Variable(CheckResult.VARIABLE) CheckResult check,
            @Variable("aepSearch") Search search)
            throws PlatformException {
        Definition definition = check.definition();
        Definition.BaseConnection sought = definition.source().baseConnection();
        List<Search.Hit> equal = search.hits().stream().filter(Search.Hit::equal).toList();
        List<Search.Hit> ours = search.hits().stream().filter(hit -> hit.meant() && check.knows(hit.id())).toList();
        if (!check.isSourceAsked() && search.hits().size() == 1) {   // however it authenticates itself by now
            connection(exchange, check, search.hits().get(0).id(), search.hits().get(0).state());
        } else if (equal.size() == 1) {
            connection(exchange, check, equal.get(0).id(), equal.get(0).state());
            if (check.isRotated(equal.get(0).id())) {
                updating(check, sought.auth().get());
            }
        } else if (equal.isEmpty() && ours.size() == 1) {
            connection(exchange, check, ours.get(0).id(), ours.get(0).state());
            updating(check, sought.auth().get());
        } else if (equal.size() > 1) {
            check.add("source.baseConnection.name", "%d base connections are called %s: %s; name one by its id"
                    .formatted(equal.size(), sought.name(), Search.ids(equal)));
        } else if (search.hits().stream().anyMatch(hit -> check.knows(hit.id()))) {
            check.add("source.baseConnection.auth.specName", ("base connection %s was made with another auth spec, "
                    + "which is fixed; describe a new one under another name").formatted(Search.ids(search.hits())));
        } else if (!search.hits().isEmpty()) {
            check.add("source.baseConnection.name", ("what is called %s at the Platform (%s) is of another source, "
                    + "or authenticates itself otherwise and was not made from a definition; choose another name, or name it by its name "
                    + "alone, without auth").formatted(sought.name(), Search.ids(search.hits())));
        } else if (sought.auth().isEmpty()) {
            check.add("source.baseConnection.name",
                    "no base connection is called %s; give the name of one, or auth for a new one".formatted(sought.name()));
        } else {
            check.note("source.baseConnection", "does not exist yet and is made first; what only the source can tell is checked then");
            secrets(check, sought.auth().get());
        }
    }

    private void updating(CheckResult check, Definition.Auth auth) {
        if (check.isConnected()) {
            check.updating();
            check.note("source.baseConnection.auth",
                    "other credentials than base connection %s was sent last: it is updated and tested first; what only the source can "
                    .formatted(check.baseConnectionId().orElseThrow()) + "tell is checked then");
            secrets(check, auth);
        }
    }

    /** A base connection that exists has its secrets; one that is to be made or updated needs them. */
    private void secrets(CheckResult check, Definition.Auth auth) {
        auth.params().properties().forEach(param -> {
            String name = param.getValue().path("secret").asText();
            if (!name.isEmpty() && !has(name)) {
                check.add("source.baseConnection.auth.params." + param.getKey(),
                        "there is no secret %s; it is looked for as %s".formatted(name, secrets.places(name)));
            }
        });
    }

    /** Keepers of secrets that cannot be asked are asked again when the secret is needed. */
    private boolean has(String name) {
        try {
            return secrets.has(name);
        } catch (RuntimeException e) {
            LOG.warn("it cannot be told whether there is a secret {}: {}", name, e.getClass().getName());
            return true;
        }
    }

    /** The ways to authenticate and the parameters that the connection spec has now, where the definition has such. */
    public void connectionSpec(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        JsonNode spec = result.single(check.definition().source().connectionSpecId());
        if (Streaming.isConnectionSpec(spec)) {
            check.add("source.connectionSpecId", "the Platform keeps no runs of sources of %s: %s"
                    .formatted(spec.path("name").asText(), Streaming.UNDESCRIBED));
            return;
        }
        if (check.definition().source().baseConnection().auth().isPresent()) {
            new AuthSpecRules(check).check(spec);
        }
        if (check.definition().source().params().isPresent() || check.definition().source().isSelfServe()) {
            new SourceSpecRules(check).check(spec);
        }
        check.definition().source().filters().ifPresent(filters -> RowFilterRules.check(check, filters.path("value"), spec));
    }

    public void baseConnection(Exchange exchange, @Variable(CheckResult.VARIABLE) CheckResult check,
                               @Variable("aepCachedLookup") CachedLookup lookup, @Variable("aepResult") LookupResult result)
            throws PlatformException {
        Definition definition = check.definition();
        String id = check.baseConnectionId().orElseThrow();
        String path = connectionPath(check);
        JsonNode connection = result.single(id);
        String spec = connection.at("/connectionSpec/id").asText();
        if (!result.isFound() && check.isMade()) {
            ReplyCache.evict(exchange, lookup);
            throw PlatformException.notReady("base connection %s does not show yet".formatted(id));
        } else if (!result.isFound() && check.isRecalled()) {
            check.addOfSource(check.fault("source.baseConnection",
                    ("the base connection %s, which was made by this description, does not exist any more; "
                    + "give another name to have a new one").formatted(id)).withCode("1101-404"));
        } else if (!result.isFound()) {
            check.addOfSource(check.fault(path, "no base connection has the id %s in this sandbox".formatted(id)).withCode("1101-404"));
        } else if (!spec.equals(definition.source().connectionSpecId())) {
            check.add(check.fault(path,
                    "base connection %s (%s) is of another source: its connection spec is %s, the connector's is %s"
                    .formatted(id, connection.path("name").asText(), spec, definition.source().connectionSpecId())).withCode("1305-400"));
        } else {
            String state = connection.path("state").asText("");
            if (MOVING.matcher(state).matches()) {
                ReplyCache.evict(exchange, lookup);
            }
            connection(exchange, check, id, state);
            Optional<Definition.Auth> auth = definition.source().baseConnection().auth();
            JsonNode request = auth.isPresent() && !check.isMade() ? Kinds.BASE_CONNECTION.requests(Inputs.of(definition)).get(0) : null;
            if (request != null && (check.isRotated(id) || check.knows(id) && !Kinds.BASE_CONNECTION.differences(request, connection)
                    .isEmpty())) {
                updating(check, auth.get());
            }
        }
    }

    private static String connectionPath(CheckResult check) {
        return check.definition().source().baseConnection().id().isEmpty() ? "source.baseConnection" : "source.baseConnectionId";
    }

    /** @throws PlatformException UNKNOWN while the connection is being made: it is asked again */
    private static void connection(Exchange exchange, CheckResult check, String id, String state) throws PlatformException {
        if (check.isSourceAsked() && MOVING.matcher(state).matches()) {
            throw PlatformException.notReady("base connection %s is %s".formatted(id, state));
        }
        check.baseConnectionIs(id);
        exchange.getMessage().setHeader(AepHeaders.BASE_CONNECTION_ID, id);
        if (!check.isSourceAsked()) {
            return;
        } else if (!state.isEmpty() && !state.equals("enabled")) {
            check.addOfSource(connectionPath(check),
                    "base connection %s is %s; enable it at the Platform, or name another".formatted(id, state));
        } else {
            check.connected(true);
        }
    }

    public void connectionTest(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        if (result.isFound() && !result.document().path("result").asText().matches("(?i)true|false")) {
            check.note(connectionPath(check), "the test of base connection %s says neither true nor false"
                    .formatted(check.baseConnectionId().orElseThrow()));
        } else if (!result.isFound() || !result.document().path("result").asText().equalsIgnoreCase("true")) {
            check.connected(false);
            check.addOfSource(check.fault(connectionPath(check), ("the test of base connection %s fails%s: see to its "
                    + "credentials, and to the source").formatted(check.baseConnectionId().orElseThrow(), result.text().isEmpty() ? ""
                    : " (" + result.text() + ")"))
                    .withCode("1308-400"));
        }
    }

    public void table(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        if (result.isFound()) {
            columns(check, result.document());
        } else if (result.code().contains("1336-400")) {
            if (check.definition().source().columns().isEmpty()) {
                check.add(check.fault("source", "this source cannot be explored: list the columns to read").withCode("1336-400"));
            } else {
                check.note("source", "this source cannot be explored: its columns are believed as they are listed");
            }
        } else {
            check.tableMissing();
        }
    }

    /** What a self-serve source answers by its parameters: without an answer, nothing is known to be wrong. */
    public void rest(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        if (result.isFound() && !SourceColumns.of(result.document()).isEmpty()) {
            new ColumnRules(check, SourceColumns.of(result.document())).check();
        } else if (!check.definition().unmapped()) {
            check.note("source", "the source does not show what it has%s: the columns of the mapping are not "
                    .formatted(result.isFound() ? "" : " (" + result.refusal() + ")") + "checked");
        }
    }

    private static String tablePath(CheckResult check) {
        return "source." + check.definition().source().pathParameter();
    }

    public void tables(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        String table = check.definition().source().path();
        if (isUnreadable(result)) {
            check.note(tablePath(check), "the source does not describe it, and lists what it has in a way that is "
                    + "not understood: its columns are not checked");
        } else if (!result.isFound()) {
            check.addOfData(tablePath(check), "the source does not tell which tables it has (%s)".formatted(result.refusal()));
        } else if (listed(result.document()).contains(table)) {
            check.addOfData(check.fault(tablePath(check),
                    "the source has a table %s, but does not tell its columns".formatted(table))
                    .withCode("1330-400"));
        } else {
            check.addOfData(check.fault(tablePath(check), "the source has no table %s".formatted(table))
                    .withSuggestion(nearest(table, result.document())));
        }
    }

    /** By the path, and where that says nothing by what the source shows to its users. */
    private static Nearest nearest(String table, JsonNode listed) {
        for (JsonNode each : listed) {
            if (each.path("name").asText().equalsIgnoreCase(table) || each.path("path").asText().equalsIgnoreCase(table)) {
                return new Nearest(each.path("path").asText(), "");
            }
        }
        return Nearest.to(table, listed(listed));
    }

    private static List<String> listed(JsonNode objects) {
        return objects.valueStream().map(SourceChecker::location).toList();
    }

    /** What lies in the folder that the path, or its last part, is in. */
    public void folder(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        Definition definition = check.definition();
        FilePath path = new FilePath(definition.source().path());
        if (isUnreadable(result)) {
            check.note("source.path", "the source lists what is in %s in a way that is not understood: its files are not "
                    + "checked".formatted(path.folder()));
        } else if (!result.isFound() && definition.source().baseConnection().isNone()) {
            check.note("source.path", "the landing zone shows no folder %s yet".formatted(path.folder()));
        } else if (!result.isFound()) {
            check.addOfData("source.path", "the source has no folder %s".formatted(path.folder()));
        } else if (path.hasWildcards()) {
            sample(check, result.document(), path);
        } else if (definition.source().baseConnection().isNone() && !path.path().contains("/")) {   // the landing zone as a whole
            sample(check, result.document(), new FilePath(path.path() + "/*"));
        } else {
            result.document().valueStream().filter(each -> location(each).equals(path.path())).findFirst()
                    .ifPresentOrElse(there -> exactly(check, path, there), () -> missing(check, path));
        }
    }

    private static void exactly(CheckResult check, FilePath path, JsonNode listed) {
        if (isFolder(listed)) {
            check.insideIs(path.path());
        } else {
            check.fileIs(path.path());
        }
    }

    private static void missing(CheckResult check, FilePath path) {
        if (path.looksLikeFile() || check.definition().source().baseConnection().isNone()) {
            check.note("source.path", "the source has no file %s yet".formatted(path.path()));
        } else {
            check.addOfData("source.path", "the source has no folder %s".formatted(path.path()));
        }
    }

    /** What lies in the folder that the path is. */
    public void inside(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        if (result.isFound() && !isUnreadable(result)) {
            sample(check, result.document(), new FilePath(check.definition().source().path() + "/*"));
        }
    }

    /** One file stands for all that are meant; markers that tools leave behind are none. */
    private static void sample(CheckResult check, JsonNode listed, FilePath path) {
        List<String> meant = listed.valueStream().filter(each -> !isFolder(each)).map(SourceChecker::location).filter(path::means).toList();
        if (meant.isEmpty()) {
            check.note("source.path", "no file is there yet that %s means".formatted(path.path()));
        } else {
            check.fileIs(meant.get(0));
        }
    }

    private static boolean isUnreadable(LookupResult result) {
        return result.isFound() && !result.document().isArray();
    }

    private static boolean isFolder(JsonNode listed) {
        return listed.path("type").asText().equalsIgnoreCase("folder");
    }

    /** Some sources write folders with a slash at the end. */
    private static String location(JsonNode listed) {
        return FilePath.withoutSlash(listed.path("path").asText(listed.path("name").asText()));
    }

    public void file(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        Definition definition = check.definition();
        if (result.isFound()) {
            columns(check, result.document());
            return;
        }
        Fault unread = check.fault("source.path", "%s cannot be read in format %s (%s)".formatted(check.file().orElseThrow(),
                definition.source().format(), result.refusal()));
        if (check.file().orElseThrow().equals(definition.source().path())) {
            check.add(unread);
        } else {
            check.note(unread);   // there may be others
        }
    }

    private static void columns(CheckResult check, JsonNode explored) {
        SourceColumns columns = SourceColumns.of(explored);
        if (!columns.isEmpty()) {
            new ColumnRules(check, columns).check();
        } else if (SourceColumns.saysNone(explored)) {
            check.addOfData(check.fault(tablePath(check), "the source describes no columns of it").withCode("1330-400"));
        } else {
            check.note(tablePath(check), "the source describes it in a way that is not understood: its columns are not checked");
        }
    }
}
