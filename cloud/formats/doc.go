// Package importers makes instances out of foreign files, one folder per format.
//
// [Registry] lists the formats, [Import] reads files of one of them:
//
//	inst, err := importers.Import(spec.Named("roadef"), []string{"model_a1_1.txt", "assignment_a1_1.txt"})
//
// Importers keep every rule of the foreign format that the rules of cloud/rules can
// express, and their doc comments say what they leave out. They do not judge: whether
// the imported placement is sane is a question for cloud/validate. Where a format
// has no target placement, the instance has none.
//
// To add a format: one folder whose importer implements [Importer], and one line in
// Registry. Such a folder does not import this package.
package importers
