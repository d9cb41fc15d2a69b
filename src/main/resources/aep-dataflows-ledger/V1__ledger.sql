-- Ids, digests and names only: no body and no secret is ever kept here. Times are milliseconds since 1970.
-- The seal of a row is taken over its other columns; a row that was damaged or changed by hand shows by it.

create table aep_ledger (
  id integer not null primary key check (id = 1),
  org_id text not null,
  sandbox text not null,
  seal text not null
);

create table aep_dataflow (
  name text not null primary key,
  digest text not null,
  fields text not null,
  file text not null,
  state text not null,
  token bigint not null,
  holder text not null,
  held_file text not null,
  lease_until bigint not null,
  shared text not null,
  started_at bigint not null,
  finished_at bigint not null,
  seal text not null
);

create table aep_step (
  dataflow text not null,
  step text not null,
  content text not null,
  name text not null,
  state text not null,
  attempt bigint not null,
  repeated bigint not null,
  deadline bigint not null,
  begun bigint not null,
  resource_id text,
  version text not null,
  request_id text not null,
  outcome text not null,
  seal text not null,
  primary key (dataflow, step, content)
);

-- the same thing is never on its way for two dataflows at once
create unique index aep_step_intent on aep_step (step, content) where state = 'INTENT';

-- a resource belongs to one step
create unique index aep_step_resource on aep_step (step, resource_id) where resource_id is not null;

create table aep_file (
  name text not null primary key,
  token bigint not null,
  holder text not null,
  lease_until bigint not null,
  starts bigint not null,
  seal text not null
);
