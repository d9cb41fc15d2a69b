-- Outcomes and reports of audits that are to be published, oldest first by id. A row goes when it was.

create table aep_publication (
  id bigint not null primary key,
  subject text not null,
  name text not null,
  document text not null,
  seal text not null
);
