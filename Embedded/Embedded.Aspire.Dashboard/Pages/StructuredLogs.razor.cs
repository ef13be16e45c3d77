using System.Globalization;
using Embedded.Aspire.Dashboard.Pages.Display;
using Embedded.Aspire.Dashboard.Pages.Filters;
using Embedded.Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>The newest log records: <c>/structuredlogs?text=…&amp;resource=…&amp;level=Warning&amp;filter=category~Kafka&amp;record=17&amp;page=2</c>.</summary>
public sealed partial class StructuredLogs
{
    private const int PageSize = 100;

    /// <summary>Characters of a message in the list; the pane has it in full.</summary>
    private const int MaxShortLength = 400;

    /// <summary>In the message.</summary>
    [SupplyParameterFromQuery] public string? Text { get; set; }

    /// <summary>A display name.</summary>
    [SupplyParameterFromQuery] public string? Resource { get; set; }

    /// <summary>The least of <see cref="LogLevels"/>.</summary>
    [SupplyParameterFromQuery] public string? Level { get; set; }

    /// <summary>The id of the record to show in full.</summary>
    [SupplyParameterFromQuery] public long? Record { get; set; }

    /// <summary>From 1.</summary>
    [SupplyParameterFromQuery(Name = "page")] public int? PageParameter { get; set; }

    [Inject] private TelemetryStore Store { get; set; } = default!;

    private Hues Hues { get; set; } = default!;

    private TelemetryResource? Chosen { get; set; }

    private int MinSeverity { get; set; }

    private int PageNumber { get; set; }

    private QueryPage<LogRecord> Found { get; set; } = new([], 0);

    private int ErrorCount { get; set; }

    private LogRecord? Details { get; set; }

    private string Summary => $"{Number(Found.TotalCount)} {(Found.TotalCount == 1 ? "record" : "records")}";

    protected override void OnParametersSet()
    {
        (Hues, PageNumber) = (new Hues(Store), Math.Clamp(PageParameter ?? 1, 1, Store.Limits.MaxLogCount));
        (Chosen, MinSeverity) = (Resource is null ? null : Store.FindResource(Resource), LogLevels.From(Level));
        if (!ReadFilters()) return;
        Details = Record is { } id ? Store.Logs.Find(id) : null;
        if (Resource is not null && Chosen is null) return;        // a resource that has sent nothing has no logs
        var query = new LogQuery
        {
            Text = Text,
            Resource = Chosen,
            MinSeverityNumber = MinSeverity,
            Filters = [.. EnabledFilters.Select<FieldFilter, Func<LogRecord, bool>>(filter => log => filter.Holds(Fields.Read(log, filter.Field)))],
            Skip = (PageNumber - 1) * PageSize,
            Take = PageSize,
        };
        Found = Store.Logs.Query(query);
        ErrorCount = Store.Logs.Query(query with { MinSeverityNumber = LogRecord.ErrorSeverity, Skip = 0, Take = 0 }).TotalCount;
    }

    private static string Short(string message) => message.Length <= MaxShortLength ? message : message[..MaxShortLength] + "…";

    private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
