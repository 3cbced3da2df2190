// Package csv reads instances out of tables, as spreadsheets and databases write them, and
// writes them as tables: a file of hosts, a file of VMs, and if need be a file of rules and
// a file of groups. Lost on the way are name, description, objective, costs of moves and switches.
//
// Each file begins with a header that names its columns, in any order; columns of one
// file stand between commas, and are quoted where RFC 4180 wants it. A column that has no
// name below is a resource, and has to stand in the files of hosts and of VMs; the order in
// the file of hosts is the order of the resources. Its unit may follow in brackets.
//
// Hosts:
//
//	name            required, different for each host
//	ram [MiB]       capacity for a resource, an integer; required
//	reserved.ram    what the hypervisor keeps for itself; 0 when empty
//	arch zone rack  texts, may be empty
//	nic_mbps        bandwidth of the network interface in Mbit/s; empty when unknown
//	label.KEY       the label KEY; empty when the host does not have it
//	number.KEY      the number KEY, an integer; empty when the host does not have it
//
// VMs:
//
//	name             required, different for each VM
//	ram [MiB]        demand for a resource, an integer; required
//	host             the host on which the VM stands; empty when it stands nowhere
//	target           the host on which it shall stand; empty when it shall be gone.
//	                 Without this column the instance has no target
//	arch             may be empty
//	dirty_mib_per_s  rate at which the VM dirties memory; not known when empty
//	working_set_mib  memory that it dirties again and again; not known when empty
//	interruptible    yes or no; no when empty
//	pages            list of the memory contents that it shares, from common to special
//	groups           list of its groups
//	label.KEY        the label KEY; empty when the VM does not have it
//	number.KEY       the number KEY, an integer; empty when the VM does not have it
//
// A resource that is called like one of these columns, or that ends in brackets, is written
// with a prefix or with brackets: `capacity.rack` among the hosts, `demand.arch` among the
// VMs, and `size [x] []`.
//
// The items of a list stand between semicolons; `\;` and `\\` are a semicolon and a
// backslash within an item. A label that is there but empty is written `""` (which in the
// file is `""""""`), and so is an empty item; a text that itself begins and ends with a
// double quote gets another pair around it.
//
// Groups come in the order in which the VMs name them, and hold their VMs in the order of the
// file. A file of groups, with the columns group and vm and a row for each VM of each
// group, can say more: any order, and by a row without a VM also an empty group. It takes
// the place of the column groups. A file of rules has the column rule: one spec a row, such
// as anti-affinity(group=web). Without it the default rules are in force; with no rows
// nothing is.
//
// An export is hosts.csv and vms.csv, rules.csv where the instance names rules, and
// groups.csv where the column groups cannot say what the groups are. Columns that would be
// empty are left out.
//
// Text is UTF-8; a byte order mark is skipped.
//
// Format of the files: RFC 4180, https://www.rfc-editor.org/rfc/rfc4180
package csv
