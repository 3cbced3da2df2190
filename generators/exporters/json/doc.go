// Package json writes instances in this program's own format, rearrange/instance/1, which
// cloud/FORMAT.md documents: whole, and always with the same bytes.
package json
