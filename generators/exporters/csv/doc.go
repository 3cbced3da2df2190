// Package csv writes instances as tables: hosts.csv and vms.csv, rules.csv where the
// instance names rules, and groups.csv where the column groups cannot say what the groups are.
// The package generators/importers/csv documents the columns and reads the tables back, with
// the same instance as the result: only name and description are lost.
package csv
