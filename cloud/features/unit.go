package features

import "strings"

// UnitOf is the unit of a feature, by name, for those who have features without the
// instances they were measured of. It is empty for plain counts, for booleans, and for
// names that are none of a feature.
func UnitOf(name string) string {
	if strings.HasPrefix(name, "utilisation.") {
		return ratio
	}
	for _, f := range Blank() {
		if f.Name == name {
			return f.Unit
		}
	}
	return ""
}
