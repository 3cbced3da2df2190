package schema

import _ "embed"

//go:embed instance.schema.json
var instance string

//go:embed plan.schema.json
var plan string

// Instance is the schema of `rearrange/instance/1`.
func Instance() string { return instance }

// Plan is the schema of `rearrange/plan/1`.
func Plan() string { return plan }
