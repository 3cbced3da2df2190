package csv

import (
	"errors"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
)

// place turns the faults that the model finds in amounts, which stand at paths of the
// instance, into faults of the files.
func (r *reader) place(err error) error {
	faults := []error{err}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		faults = many.Unwrap()
	}
	var out []error
	for _, fault := range faults {
		if at, ok := errors.AsType[*cloud.PathError](fault); ok {
			fault = r.placeOne(at)
		}
		out = append(out, fault)
	}
	return errors.Join(out...)
}

// placeOne knows the paths of rules, such as /rules/2, and of amounts, such as
// /hosts/3/reserved/ram.
func (r *reader) placeOne(at *cloud.PathError) error {
	path := slices.Collect(jsontext.Pointer(at.Pointer).Tokens())
	if len(path) == 2 && path[0] == "rules" {
		if row, err := strconv.Atoi(path[1]); err == nil {
			return r.rules.cellFault(row, colRule, "%s", at.Msg)
		}
	}
	if len(path) == 4 {
		row, err := strconv.Atoi(path[1])
		resource := slices.Index(r.resourceNames(), path[3])
		if err == nil && resource >= 0 {
			switch path[2] {
			case "capacity":
				return r.hosts.cellFault(row, r.capacity[resource], "%s", at.Msg)
			case "reserved":
				return r.hosts.cellFault(row, colReserved+path[3], "%s", at.Msg)
			case "demand":
				return r.vms.cellFault(row, r.demand[resource], "%s", at.Msg)
			}
		}
	}
	return r.hosts.fault(1, "", "%s", at.Error())
}
