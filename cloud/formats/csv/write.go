package csv

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
)

// writer makes tables of an instance.
type writer struct {
	in       *cloud.Instance
	inColumn bool // the groups stand among the VMs
	breaks   int  // texts with a line break that the format changes
	err      error
}

// file writes rows; the first is the header.
func (w *writer) file(name string, rows [][]string) fileio.File {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	for _, row := range rows {
		for _, cell := range row {
			if strings.Contains(cell, "\r\n") { // readers of CSV make one line feed of it
				w.breaks++
			}
		}
	}
	if err := out.WriteAll(rows); err != nil && w.err == nil {
		w.err = err
	}
	return fileio.File{Name: name, Data: b.Bytes()}
}

// columns are a header and, per row, what stands below it.
type columns [][]string

// add appends a column.
func (c columns) add(name string, cell func(row int) string) {
	c[0] = append(c[0], name)
	for i := range c[1:] {
		c[i+1] = append(c[i+1], cell(i))
	}
}

// addUnlessEmpty appends a column in which something stands.
func (c columns) addUnlessEmpty(name string, cell func(row int) string) {
	for i := range c[1:] {
		if cell(i) != "" {
			c.add(name, cell)
			return
		}
	}
}

// addNamed appends a column for each key that occurs in the labels or numbers of rows.
func addNamed[V any](c columns, prefix string, values func(row int) map[string]V, cell func(V) string) {
	keys := map[string]bool{}
	for i := range c[1:] {
		for key := range values(i) {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		c.add(prefix+key, func(row int) string {
			if value, ok := values(row)[key]; ok {
				return cell(value)
			}
			return ""
		})
	}
}

// unit is the unit of a resource as far as a header can say it.
func (w *writer) unit(resource int) string {
	return strings.NewReplacer("[", "", "]", "").Replace(w.in.Resources[resource].Unit)
}

func (w *writer) hosts() [][]string {
	hosts := w.in.Hosts
	c := make(columns, len(hosts)+1)
	c.add(colName, func(h int) string { return hosts[h].Name })
	for r, resource := range w.in.Resources {
		c.add(ofHosts().amount(resource.Name, w.unit(r)), func(h int) string { return strconv.FormatInt(hosts[h].Capacity[r], 10) })
	}
	for r, resource := range w.in.Resources {
		c.addUnlessEmpty(colReserved+resource.Name, func(h int) string { return unlessZero(hosts[h].Reserved[r]) })
	}
	c.addUnlessEmpty(colArch, func(h int) string { return hosts[h].Arch })
	c.addUnlessEmpty(colZone, func(h int) string { return hosts[h].Zone })
	c.addUnlessEmpty(colRack, func(h int) string { return hosts[h].Rack })
	c.addUnlessEmpty(colNICMbps, func(h int) string { return unlessZero(hosts[h].NICMbps) })
	addNamed(c, colLabel, func(h int) map[string]string { return hosts[h].Labels }, quote)
	addNamed(c, colNumber, func(h int) map[string]int64 { return hosts[h].Numbers }, integer)
	return c
}

func (w *writer) vms() [][]string {
	vms := w.in.VMs
	c := make(columns, len(vms)+1)
	c.add(colName, func(v int) string { return vms[v].Name })
	for r, resource := range w.in.Resources {
		c.add(ofVMs().amount(resource.Name, w.unit(r)), func(v int) string { return strconv.FormatInt(vms[v].Demand[r], 10) })
	}
	c.add(colHost, func(v int) string { return w.host(w.in.Initial[v]) })
	if w.in.Target != nil {
		c.add(colTarget, func(v int) string { return w.host(w.in.Target[v]) })
	}
	c.addUnlessEmpty(colArch, func(v int) string { return vms[v].Arch })
	c.addUnlessEmpty(colDirtyMiBPerS, func(v int) string {
		if vms[v].DirtyMiBPerS == nil {
			return ""
		}
		return number(*vms[v].DirtyMiBPerS)
	})
	c.addUnlessEmpty(colWorkingSetMiB, func(v int) string {
		if vms[v].WorkingSetMiB == 0 {
			return ""
		}
		return number(vms[v].WorkingSetMiB)
	})
	c.addUnlessEmpty(colInterruptible, func(v int) string {
		if vms[v].Interruptible {
			return "yes"
		}
		return ""
	})
	c.addUnlessEmpty(colPages, func(v int) string { return joinList(vms[v].Pages) })
	if w.inColumn {
		of := make([][]string, len(vms))
		for _, g := range w.in.Groups {
			for _, v := range g.VMs {
				of[v] = append(of[v], g.Name)
			}
		}
		c.addUnlessEmpty(colGroups, func(v int) string { return joinList(of[v]) })
	}
	addNamed(c, colLabel, func(v int) map[string]string { return vms[v].Labels }, quote)
	addNamed(c, colNumber, func(v int) map[string]int64 { return vms[v].Numbers }, integer)
	return c
}

func (w *writer) groups() [][]string {
	rows := [][]string{{colGroup, colVM}}
	for _, g := range w.in.Groups {
		if len(g.VMs) == 0 {
			rows = append(rows, []string{g.Name, ""})
		}
		for _, v := range g.VMs {
			rows = append(rows, []string{g.Name, w.in.VMs[v].Name})
		}
	}
	return rows
}

func (w *writer) host(h cloud.HostID) string {
	if h == cloud.Absent {
		return ""
	}
	return w.in.Hosts[h].Name
}

func unlessZero(n int64) string {
	if n == 0 {
		return ""
	}
	return integer(n)
}

func integer(n int64) string { return strconv.FormatInt(n, 10) }

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
