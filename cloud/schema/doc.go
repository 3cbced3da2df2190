// Package schema holds the JSON Schemas (2020-12) of the formats that FORMAT.md
// documents, for editors and for other programs.
//
// The readers of package cloud are stricter than a schema can be: they resolve
// names and refuse what overflows. Whatever they accept, the schemas accept; tests
// hold that.
//
//	os.Stdout.WriteString(schema.Instance())
package schema
