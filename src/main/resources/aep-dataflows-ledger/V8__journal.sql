-- How far something was read that is read bit by bit, such as a journal of events.

create table aep_position (
  name text not null primary key,
  position text not null,
  seal text not null
);
