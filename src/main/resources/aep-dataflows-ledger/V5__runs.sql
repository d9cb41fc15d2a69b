-- Runs of flows that were ordered: on demand, or to repeat one that failed. The intent is here before the order is sent.

create table aep_run (
  flow text not null,
  cause text not null,
  content text not null,
  dataflow text not null,
  origin text not null,
  automatic bigint not null,
  seen text not null,
  seen_at bigint not null,
  ordered_at bigint not null,
  state text not null,
  attempt bigint not null,
  deadline bigint not null,
  run_id text not null,
  request_id text not null,
  seal text not null,
  primary key (flow, cause)
);
