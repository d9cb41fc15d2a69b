-- The instances that work with this ledger, by when each was there last; and what one of them does for all, as the audit of an hour.

create table aep_instance (
  name text not null primary key,
  seen bigint not null,
  seal text not null
);

create table aep_turn (
  work text not null primary key,
  token bigint not null,
  holder text not null,
  lease_until bigint not null,
  begun bigint not null,
  done bigint not null,
  seal text not null
);
