package btrplace

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
)

func (w *writer) mapping() *wireMapping {
	m := &wireMapping{Online: map[string]wireOnline{}}
	on := make([]wireOnline, len(w.in.Hosts))
	for v, h := range w.in.Initial {
		bed, asleep := w.asleep[cloud.VMID(v)]
		switch {
		case h != cloud.Absent:
			on[h].Running = append(on[h].Running, w.vm[v])
		case asleep:
			on[bed].Sleeping = append(on[bed].Sleeping, w.vm[v])
		default:
			m.Ready = append(m.Ready, w.vm[v])
		}
	}
	for h, n := range w.node {
		if w.offlineHost[h] {
			m.Offline = append(m.Offline, n)
		} else {
			m.Online[numberKey(n)] = on[h]
		}
	}
	return m
}

// views lists resources, the network and names.
func (w *writer) views() []wireView {
	var out []wireView
	for r, resource := range w.in.Resources {
		none := int64(0)
		view := wireView{
			ID: viewResource, Resource: resource.Name, DefaultCapacity: &none, DefaultConsumption: &none,
			Nodes: map[string]int64{}, VMs: map[string]int64{},
		}
		for h := range w.in.Hosts {
			view.Nodes[numberKey(w.node[h])] = w.in.Hosts[h].Capacity[r] - w.in.Hosts[h].Reserved[r]
		}
		for v := range w.in.VMs {
			view.VMs[numberKey(w.vm[v])] = w.in.VMs[v].Demand[r]
		}
		out = append(out, view)
	}
	if w.network != nil {
		out = append(out, *w.network)
	}
	if w.named.nodes {
		names := wireView{ID: viewNames, Type: typeNode, Map: map[string]int64{}}
		for h := range w.in.Hosts {
			names.Map[w.in.Hosts[h].Name] = w.node[h]
		}
		out = append(out, names)
	}
	if w.named.vms {
		names := wireView{ID: viewNames, Type: typeVM, Map: map[string]int64{}}
		for v := range w.in.VMs {
			names.Map[w.in.VMs[v].Name] = w.vm[v]
		}
		out = append(out, names)
	}
	return out
}

// values are the attributes of one host or VM.
type values map[string]jsontext.Value

func (a values) text(key, value string) {
	if value != "" {
		a[key] = text(value)
	}
}

func (a values) integer(key string, n int64) { a[key] = jsontext.Value(strconv.FormatInt(n, 10)) }

func (a values) number(key string, x float64) {
	a[key] = jsontext.Value(strconv.FormatFloat(x, 'g', -1, 64))
}

func text(of any) jsontext.Value {
	v, err := json.Marshal(of)
	if err != nil {
		panic(err) // texts of a checked instance are valid UTF-8
	}
	return v
}

// labels writes labels as attributes, those that look like a number or truth value as one:
// that is what they are imported from.
func (a values) labels(labels map[string]string, skip func(key string) bool) {
	for k, value := range labels {
		if skip(k) {
			continue
		}
		if strings.HasPrefix(k, attrOurs) || formerly[k] != "" {
			k = attrLabel + k
		}
		a[k] = literal(value)
	}
}

// literal writes a text that is a number as BtrPlace holds them, or a truth value, as it
// is, and any other as a text.
func literal(s string) jsontext.Value {
	if s == "true" || s == "false" {
		return jsontext.Value(s)
	}
	v := jsontext.Value(s)
	if s == "" || strings.TrimSpace(s) != s || !v.IsValid() || v.Kind() != '0' {
		return text(s)
	}
	if !strings.ContainsAny(s, ".eE") {
		if _, err := strconv.ParseInt(s, 10, 32); err != nil {
			return text(s)
		}
	}
	if _, err := strconv.ParseFloat(s, 64); err != nil {
		return text(s)
	}
	return v
}

func (w *writer) attributes() *wireAttributes {
	out := &wireAttributes{Nodes: map[string]map[string]jsontext.Value{}, VMs: map[string]map[string]jsontext.Value{}}
	for h := range w.in.Hosts {
		if a := w.hostAttributes(h); len(a) > 0 {
			out.Nodes[numberKey(w.node[h])] = a
		}
	}
	all := make([]values, len(w.in.VMs))
	for v := range w.in.VMs {
		all[v] = w.vmAttributes(v)
	}
	for rank, g := range w.in.Groups {
		for _, v := range g.VMs {
			all[v].integer(attrGroup+g.Name, int64(rank))
		}
	}
	for v, a := range all {
		if len(a) > 0 {
			out.VMs[numberKey(w.vm[v])] = a
		}
	}
	return out
}

func (w *writer) hostAttributes(h int) values {
	host, a := &w.in.Hosts[h], values{}
	a.labels(host.Labels, func(k string) bool {
		return k == labelOffline && w.offlineHost[h]
	})
	a.text(attrArch, host.Arch)
	a.text(attrZone, host.Zone)
	rack, linked := "", w.kept && host.Switch != ""
	if linked {
		rack = switchName(w.switches[host.Switch])
	}
	if host.Rack != rack {
		a[attrRack] = text(host.Rack)
	}
	if !linked && host.NICMbps != 0 || w.network != nil && !w.kept {
		a.integer(attrNICMbps, host.NICMbps)
	}
	for r, n := range host.Reserved {
		if n != 0 {
			a.integer(attrReserved+w.in.Resources[r].Name, n)
		}
	}
	return a
}

func (w *writer) vmAttributes(v int) values {
	vm, a := &w.in.VMs[v], values{}
	_, _, err := dirtying("", vm.Labels)
	known := err == nil // what the labels say of memory makes sense, if they do
	_, asleep := w.asleep[cloud.VMID(v)]
	a.labels(vm.Labels, func(k string) bool {
		if k == labelAsleep && asleep || k == labelWaits && w.waits(v) {
			return true
		}
		if !known && isMemory(k) { // no number, or none that makes sense
			a[attrLabel+k] = text(vm.Labels[k])
			return true
		}
		return false
	})
	a.text(attrArch, vm.Arch)
	if vm.Interruptible {
		a[attrInterruptible] = jsontext.Value("true")
	}
	if len(vm.Pages) > 0 {
		a.text(attrPages, string(text(vm.Pages)))
	}
	w.memory(v, a, known)
	return a
}
