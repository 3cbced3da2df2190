// Package source tells which code a run depends on: a hash of the source of packages and
// of all that they import. It changes when the code does, and neither with comments or
// formatting nor with code that the packages do not use, so that a record made by other
// code can be told from one that is merely older.
//
//	code, err := source.New(rearrange.Source, source.ThisBuild())
//	…
//	hash := code.Hash(args.Packages())
//
// It reads source text and executes nothing. What cannot be seen in the text, such as the
// machine and the environment, is the business of other fields of a record.
package source
