// Package all is the registry of everything that yields instances: the families of
// generators, and the foreign formats of cloud/formats as one more family.
//
//	instances, err := all.Generate(spec.MustParse("random(hosts=4)"), 7)
//
//	base := "import(format=roadef, files=[model_a2_4.txt, assignment_a2_4.txt])"
//	instances, err = all.Generate(spec.MustParse("drift(of="+base+", migrations=500)"), 7)
//
// File names in specs are relative to the working directory. A suite, whose files lie
// beside it, passes its specs through [Rebase] first.
package all
