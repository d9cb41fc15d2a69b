-- What is done to a resource that exists: the last change of each. Its intent is here before it is sent.

create table aep_change (
  step text not null,
  resource_id text not null,
  dataflow text not null,
  action text not null,
  content text not null,
  state text not null,
  attempt bigint not null,
  deadline bigint not null,
  version text not null,
  request_id text not null,
  seal text not null,
  primary key (step, resource_id)
);
