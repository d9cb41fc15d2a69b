-- Of the secrets that a resource was sent last, what tells whether they are others by now: a digest of each, keyed with a key that is
-- random and the ledger's own. No secret can be found out from it, nor compared with one of another ledger.

create table aep_key (
  id integer not null primary key check (id = 1),
  digits text not null,
  seal text not null
);

create table aep_secret (
  step text not null,
  resource_id text not null,
  dataflow text not null,
  names text not null,
  marks text not null,
  seal text not null,
  primary key (step, resource_id)
);
