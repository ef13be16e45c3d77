using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>One trace.</summary>
public sealed partial class TraceDetail
{
    /// <summary>The trace id, 32 hexadecimal digits.</summary>
    [Parameter] public string Id { get; set; } = "";
}
