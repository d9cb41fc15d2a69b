package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.platform.Reading;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.Service;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A flow and its runs: as one walk through those of all flows adds them, or page by page. A run that moved between two pages is counted
 * once.
 */
public final class FlowRuns implements Reading {

    private final ListedFlow flow;
    private final Instant since;
    private RunTally tally = new RunTally();
    private Walk walk;
    private Run newest;
    private boolean newestOnly;
    private boolean newestAsked;

    /** What only a flow needs whose runs are read by themselves. */
    private record Walk(Paging paging, Set<String> seen) {
    }

    /** @param since from when on its runs are to be read */
    FlowRuns(ListedFlow flow, Instant since) {
        this.flow = flow;
        this.since = since;
    }

    String flowId() {
        return flow.id();
    }

    JsonNode flow() {
        return flow.document();
    }

    /** From when on its runs are read. */
    Instant since() {
        return since;
    }

    /** Adds a run of the walk through those of all flows. */
    void add(Run run) {
        if (run.created().filter(since::isAfter).isEmpty()) {
            tally.add(run);
        }
    }

    /** Its newest run, as the last audit has seen it. */
    void remember(Run run) {
        newest = run;
    }

    /** It has no runs since then, and what its newest run was has to be asked for. */
    void askNewestOnly() {
        newestOnly = true;
    }

    private Walk walk() {
        if (walk == null) {
            walk = new Walk(new Paging(Service.FLOW_SERVICE), new HashSet<>());
            tally = new RunTally();   // whatever the walk through the runs of all flows has shown
        }
        return walk;
    }

    /** Why only a part of the runs could be read; absent when all were. */
    Optional<String> problem() {
        return walk == null ? Optional.empty() : walk.paging.problem();
    }

    /** The next page, the oldest runs first; where there are none since then, the newest run of all. */
    @Override
    public Lookup next() {
        return isMore() ? Run.page(flowId(), since.toEpochMilli(), walk().paging)
                : tally.total() == 0 && !newestAsked ? Run.newest(flowId()) : null;
    }

    @Override
    public void accept(LookupResult result) {
        if (isMore()) {
            addPage(result.document());
        } else {
            addNewest(result.document());
        }
    }

    private boolean isMore() {
        return !newestOnly && walk().paging.isMore();
    }

    void addPage(JsonNode page) {
        walk().paging.accept(page).stream().map(Run::of).filter(run -> walk().seen.add(run.id())).forEach(tally::add);
    }

    /** Adds the answer to the question for the newest run of all. */
    void addNewest(JsonNode page) {
        JsonNode run = page.path("items").path(0);
        newest = run.isObject() ? Run.of(run) : null;
        newestAsked = true;
    }

    Optional<Run> newest() {
        return tally.newest().or(() -> Optional.ofNullable(newest));
    }

    /** @param document {@link #flow}, which is made anew whenever it is asked for */
    FlowHealth judge(FlowJudge judge, JsonNode document, Boolean ours) {
        return judge.judge(document, tally, Optional.ofNullable(newest), since, ours);
    }

    FlowHealth unread(Boolean ours, String why) {
        return FlowJudge.unread(flow.document(), since, ours, why);
    }
}
