// Package json reads and writes instances in this program's own format,
// rearrange/instance/1, which cloud/FORMAT.md documents, so that one command takes all
// formats alike. Nothing is left out, and nothing is added. Targets are read from instances, and from placements
// such as {"vm1": "host2"}.
package json
