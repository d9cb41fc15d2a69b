-- What has happened, oldest first by id; names, ids and reasons only. Of an alert: who is still to be told of it.

create table aep_event (
  id bigint not null primary key,
  at bigint not null,
  dataflow text not null,
  type text not null,
  outcome text not null,
  file text not null,
  flow_id text not null,
  detail text not null,
  duration_ms bigint not null,
  untold text not null,
  seal text not null
);

create index aep_event_dataflow on aep_event (dataflow, id);

create index aep_event_untold on aep_event (id) where untold <> '';

-- What was said last of something that is watched, so that only a change is an event.

create table aep_condition (
  subject text not null primary key,
  state text not null,
  alarming bigint not null,
  dataflow text not null,
  flow_id text not null,
  since bigint not null,
  seal text not null
);
