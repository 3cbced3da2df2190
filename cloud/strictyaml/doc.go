// Package strictyaml reads the YAML documents that people write: suites and thresholds. A
// reader says at each node what it expects. Everything else is a fault with file, line and
// path, and all faults are reported together.
//
//	root, err := strictyaml.Parse(file, data, strictyaml.Kind{Noun: "suite", Format: "rearrange/suite/1"})
//	root.Members(map[string]func(strictyaml.Node){
//		"name":  func(n strictyaml.Node) { name, _ = n.Text() },
//		"count": func(n strictyaml.Node) { count = n.Count(1) },
//	})
//	err = root.Err()
package strictyaml
