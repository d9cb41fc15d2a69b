-- Fields that the Platform takes and never shows: that one is missing there is no difference.

create table aep_unshown (
  step text not null,
  field text not null,
  seal text not null,
  primary key (step, field)
);
